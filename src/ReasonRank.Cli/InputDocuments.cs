using System.Text.Json;
using ReasonRank.Prompting;

namespace ReasonRank.Cli;

/// <summary>Reads the documents to rank: JSON objects or strings a line, or one passage a line. The first line decides.</summary>
internal static class InputDocuments
{
    /// <exception cref="InvalidDataException">There are none, or a line isn't like the first; names it.</exception>
    public static IReadOnlyList<InputDocument> Read(TextReader reader)
    {
        var documents = new List<InputDocument>();
        var isJson = false;
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (documents.Count == 0)
                isJson = Parse(line) is not null;
            documents.Add(isJson ? Read(line, number) : new InputDocument(line));
        }
        return documents.Count > 0 ? documents : throw new InvalidDataException("The input holds no documents.");
    }

    private static InputDocument Read(string line, int number)
    {
        try
        {
            return Document(Parse(line), number);
        }
        catch (InvalidOperationException failure)
        {
            throw new InvalidDataException($"Line {number} escapes half a surrogate pair, which is no character.", failure);
        }
    }

    private static InputDocument Document(JsonElement? line, int number)
    {
        if (line is not { } json)
            throw new InvalidDataException($"Line {number} is neither a JSON object nor a JSON string, as the first line is.");
        if (json.ValueKind == JsonValueKind.String)
            return new InputDocument(json.GetString()!);
        var field = PassageText.Fields.FirstOrDefault(name => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
            ?? throw new InvalidDataException($"Line {number} has none of: {string.Join(", ", PassageText.Fields)}.");
        return new InputDocument(
            json.GetProperty(field).GetString()!,
            json.TryGetProperty("title", out var title) && title.ValueKind == JsonValueKind.String ? title.GetString() : null,
            json.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number ? id : null);
    }

    /// <summary>A line that is a JSON object or string; null for anything else.</summary>
    private static JsonElement? Parse(string line)
    {
        if (line.TrimStart()[0] is not ('{' or '"'))
            return null;
        try
        {
            var json = JsonElement.Parse(line);
            return json.ValueKind is JsonValueKind.Object or JsonValueKind.String ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
