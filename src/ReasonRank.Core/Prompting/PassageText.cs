using ReasonRank.Engines;

namespace ReasonRank.Prompting;

/// <summary>
/// A passage as it stands in prompts: fixed, cut and without identifiers of its own. Prepare each candidate once a request: the same
/// passage is shown in several windows.
/// </summary>
public sealed class PassageText
{
    private readonly string _cut;

    private PassageText(string cut)
    {
        _cut = cut;
        Text = TextFixer.FixInPrompt(Identifiers.Disarm(cut));
    }

    /// <summary>The passage, byte for byte as every prompt shows it; may hold line breaks.</summary>
    public string Text { get; }

    /// <summary>The fields that may hold the text of a structured passage; the first one present counts.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["text", "segment", "contents", "body", "passage"];

    /// <summary>Prepares a passage: title, white space, text fixes, at most <paramref name="maxTokens"/> tokens, <c>[n]</c> to <c>(n)</c>.</summary>
    /// <param name="title">Rendered before the text unless null or empty.</param>
    /// <param name="maxTokens">Tokens of the served model; at least 1.</param>
    public static PassageText Prepare(string text, string? title, int maxTokens, ITokenCounter counter)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTokens);
        var content = string.IsNullOrEmpty(title) ? text : $"Title: {title} Content: {text}";
        return new PassageText(counter.Truncate(TextFixer.Fix(PythonText.Strip(content)), maxTokens));
    }

    /// <summary>This passage as if it had been prepared with the smaller limit.</summary>
    public PassageText Trim(int maxTokens, ITokenCounter counter)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTokens);
        var cut = counter.Truncate(_cut, maxTokens);
        return cut == _cut ? this : new PassageText(cut);
    }
}
