namespace ReasonRank.Service.Api.Dialects;

/// <summary>The end of a chain of thought, where it concludes. Taken from the text, never generated.</summary>
internal static class ReasoningSummary
{
    /// <summary>Characters at most.</summary>
    public const int Length = 400;

    /// <summary>The last whole sentences that fit; of a last sentence that doesn't, its end.</summary>
    public static string Of(string reasoning)
    {
        var text = reasoning.Trim();
        if (text.Length <= Length)
            return text;
        var tail = text.Length - Length;
        if (char.IsLowSurrogate(text[tail]))
            tail++;
        for (var i = tail; i < text.Length - 1; i++)
        {
            if (EndsSentence(text, i))
                return text[(i + 1)..].TrimStart();
        }

        return text[tail..];
    }

    private static bool EndsSentence(string text, int i) =>
        text[i] is '\n' or '。' or '！' or '？' || (text[i] is '.' or '!' or '?' && char.IsWhiteSpace(text[i + 1]));
}
