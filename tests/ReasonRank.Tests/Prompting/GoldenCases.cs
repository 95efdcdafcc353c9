using System.Text.Json;

namespace ReasonRank.Tests.Prompting;

/// <summary>The cases of a golden file, by name: xunit shows the name, the test reads the case.</summary>
internal static class GoldenCases
{
    public static TheoryData<string, string> Names(params string[] files)
    {
        var data = new TheoryData<string, string>();
        foreach (var file in files)
        {
            foreach (var item in Cases(file))
                data.Add(file, item.GetProperty("name").GetString()!);
        }
        return data;
    }

    public static JsonElement Find(string file, string name) =>
        Cases(file).Single(item => item.GetProperty("name").GetString() == name);

    private static JsonElement[] Cases(string file)
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", file)));
        return [.. golden.RootElement.GetProperty("cases").Clone().EnumerateArray()];
    }
}
