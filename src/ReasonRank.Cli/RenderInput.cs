using System.Text.Json;
using ReasonRank.Engines;
using ReasonRank.Prompting;

namespace ReasonRank.Cli;

/// <summary>
/// What <c>render</c> reads: <c>{query, passages, profile?, max_passage_tokens?, window?}</c>. A passage is a string or an object with
/// perhaps a title and the first of <see cref="PassageText.Fields"/>.
/// </summary>
internal sealed record RenderInput(string Query, IReadOnlyList<(string Text, string? Title)> Passages, PromptProfile? Profile, int MaxPassageTokens)
{
    private const int DefaultPassageTokens = 512;

    /// <exception cref="InvalidDataException">The text isn't of that form; names the field.</exception>
    public static RenderInput Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return Read(json.RootElement);
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException($"The input is no JSON: {failure.Message}", failure);
        }
        catch (InvalidOperationException failure)
        {
            throw new InvalidDataException("The input escapes half a surrogate pair, which is no character.", failure);
        }
    }

    public ChatPrompt Render(PromptProfile profile, ITokenCounter counter) => new ListwisePrompt(profile, Query)
        .Render([.. Passages.Select(passage => PassageText.Prepare(passage.Text, passage.Title, MaxPassageTokens, counter))]);

    private static RenderInput Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException("The input must be an object.");
        var passages = Required(root, "passages", JsonValueKind.Array);
        var window = Window(root, passages.GetArrayLength());
        return new RenderInput(
            Required(root, "query", JsonValueKind.String).GetString()!,
            [.. passages.EnumerateArray().Select(Passage).Take(window)],
            FindProfile(root),
            Optional(root, "max_passage_tokens") is { } tokens ? Number(tokens, "max_passage_tokens", least: 1) : DefaultPassageTokens);
    }

    private static (string Text, string? Title) Passage(JsonElement passage, int index)
    {
        if (passage.ValueKind == JsonValueKind.String)
            return (passage.GetString()!, null);
        if (passage.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"passages[{index}] must be a string or an object.");
        var field = PassageText.Fields.FirstOrDefault(name => passage.TryGetProperty(name, out _))
            ?? throw new InvalidDataException($"passages[{index}] must have one of: {string.Join(", ", PassageText.Fields)}.");
        var title = Optional(passage, "title");
        return (Text(passage.GetProperty(field), $"passages[{index}].{field}"), title is { } given ? Text(given, $"passages[{index}].title") : null);
    }

    private static Range Window(JsonElement root, int count)
    {
        if (Optional(root, "window") is not { } window)
            return ..count;
        if (window.ValueKind != JsonValueKind.Array || window.GetArrayLength() != 2)
            throw new InvalidDataException("window must be [start, end).");
        var (start, end) = (Number(window[0], "window", least: 0), Number(window[1], "window", least: 0));
        return start < end && end <= count ? start..end : throw new InvalidDataException($"window must lie within the {count} passages.");
    }

    private static PromptProfile? FindProfile(JsonElement root) => Optional(root, "profile") is not { } profile ? null
        : PromptProfile.Find(Text(profile, "profile"))
            ?? throw new InvalidDataException($"profile must be one of: {string.Join(", ", PromptProfile.All.Select(known => known.Name))}.");

    private static JsonElement Required(JsonElement root, string name, JsonValueKind kind) =>
        Optional(root, name) is { } value && value.ValueKind == kind
            ? value
            : throw new InvalidDataException($"{name} is required and must be {(kind == JsonValueKind.Array ? "an array" : "a string")}.");

    private static JsonElement? Optional(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Text(JsonElement value, string name) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw new InvalidDataException($"{name} must be a string.");

    private static int Number(JsonElement value, string name, int least) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least
            ? number
            : throw new InvalidDataException($"{name} must be a whole number, at least {least}.");
}
