using ReasonRank.Engines;

namespace ReasonRank.Prompting;

/// <summary>
/// A passage as it stands in prompts: fixed, cut and without identifiers of its own. Prepare each candidate once a request: the same
/// passage is shown in several windows.
/// </summary>
public sealed class PassageText
{
    /// <summary>Characters a token, more than twice the usual; where that isn't enough a longer head is tried.</summary>
    private const int LikelyTokenLength = 12;

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
        return new PassageText(Cut(TextFixer.Fix(PythonText.Strip(content)), maxTokens, counter));
    }

    /// <summary>This passage as if it had been prepared with the smaller limit.</summary>
    public PassageText Trim(int maxTokens, ITokenCounter counter)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTokens);
        var cut = counter.Truncate(_cut, maxTokens);
        return cut == _cut ? this : new PassageText(cut);
    }

    /// <summary>
    /// The text's first tokens without tokenizing all of a long text. Where a text ends changes the tokens of its last word only, so
    /// those in the first half of a head are the whole text's.
    /// </summary>
    private static string Cut(string text, int maxTokens, ITokenCounter counter)
    {
        for (var reach = (long)maxTokens * LikelyTokenLength; reach < text.Length; reach *= 4)
        {
            var end = (int)reach + (char.IsLowSurrogate(text[(int)reach]) ? 1 : 0);
            var cut = counter.Truncate(text[..end], maxTokens);
            if (cut.Length <= end / 2)
                return cut;
        }
        return counter.Truncate(text, maxTokens);
    }
}
