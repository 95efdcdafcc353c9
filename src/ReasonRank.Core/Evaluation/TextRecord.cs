using System.Text.Json;

namespace ReasonRank.Evaluation;

/// <summary>A query or a document of a collection in the form that BEIR uses: one JSON object a line.</summary>
public sealed record TextRecord(string Id, string Text, string? Title)
{
    /// <summary>Reads objects with <c>_id</c>, <c>text</c> and perhaps <c>title</c>; more fields are ignored, blank lines too.</summary>
    /// <exception cref="InvalidDataException">A line isn't of that form; the message names it.</exception>
    public static IEnumerable<TextRecord> Read(TextReader reader)
    {
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
                yield return Read(line, number);
        }
    }

    private static TextRecord Read(string line, int number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw TrecLines.Fault(number, "is no JSON object");
            return new TextRecord(Field(json, "_id") ?? Missing("_id"), Field(json, "text") ?? Missing("text"), Field(json, "title"));
        }
        catch (JsonException)
        {
            throw TrecLines.Fault(number, "is no JSON object");
        }
        catch (InvalidOperationException)
        {
            throw TrecLines.Fault(number, "escapes half a surrogate pair, which is no character");
        }

        string Missing(string field) => throw TrecLines.Fault(number, $"has no \"{field}\"");
    }

    private static string? Field(JsonDocument json, string name) => json.RootElement.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        }
        : null;
}
