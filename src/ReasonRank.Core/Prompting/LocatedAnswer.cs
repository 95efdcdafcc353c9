namespace ReasonRank.Prompting;

/// <summary>Where a model's output holds its reasoning and its answer.</summary>
/// <param name="IsOpen">The output ends inside the reasoning or the answer.</param>
internal readonly record struct LocatedAnswer(string Reasoning, string Answer, bool IsOpen)
{
    private const string OpenThink = "<think>";
    private const string CloseThink = "</think>";
    private const string OpenAnswer = "<answer>";
    private const string CloseAnswer = "</answer>";

    /// <summary>
    /// The answer is what follows the last close of the reasoning; else the last opening of an answer; else, unless the reasoning was
    /// opened, everything. Tags count in any case of their letters.
    /// </summary>
    public static LocatedAnswer In(string text)
    {
        const StringComparison AnyCase = StringComparison.OrdinalIgnoreCase;
        var close = text.LastIndexOf(CloseThink, AnyCase);
        var open = close < 0 ? text.LastIndexOf(OpenAnswer, AnyCase) : text.IndexOf(OpenAnswer, close + CloseThink.Length, AnyCase);
        if (open >= 0)
        {
            var start = open + OpenAnswer.Length;
            var end = text.IndexOf(CloseAnswer, start, AnyCase);
            return new LocatedAnswer(Untag(text[..(close < 0 ? open : close)]), text[start..(end < 0 ? text.Length : end)], end < 0);
        }
        if (close >= 0)
            return new LocatedAnswer(Untag(text[..close]), text[(close + CloseThink.Length)..], IsOpen: false);
        return PythonText.Strip(text).StartsWith(OpenThink, AnyCase)
            ? new LocatedAnswer(Untag(text), "", IsOpen: true)
            : new LocatedAnswer("", text, IsOpen: false);
    }

    /// <summary>
    /// What the reference reads: the first answer that directly follows a closed reasoning, in any case of its letters; else what
    /// follows the last <c>&lt;answer&gt;</c> in lower case; else everything, reasoning included.
    /// </summary>
    public static string AsReference(string text)
    {
        if (AfterReasoning(text.ToLowerInvariant()) is { } answer)
            return text[answer];
        var open = text.LastIndexOf(OpenAnswer, StringComparison.Ordinal);
        return open < 0 ? text : text[(open + OpenAnswer.Length)..];
    }

    /// <summary>The expression <c>&lt;think&gt;.*?&lt;/think&gt;\s*&lt;answer&gt;(.*?)&lt;/answer&gt;</c> without its backtracking.</summary>
    private static Range? AfterReasoning(string lower)
    {
        var from = lower.IndexOf(OpenThink, StringComparison.Ordinal);
        if (from < 0)
            return null;
        from += OpenThink.Length;
        for (int close; (close = lower.IndexOf(CloseThink, from, StringComparison.Ordinal)) >= 0;)
        {
            from = close + CloseThink.Length;
            var open = from;
            while (open < lower.Length && PythonText.IsSpace(lower[open]))
                open++;
            if (!lower.AsSpan(open).StartsWith(OpenAnswer))
                continue;
            var start = open + OpenAnswer.Length;
            var end = lower.IndexOf(CloseAnswer, start, StringComparison.Ordinal);
            return end < 0 ? null : start..end;
        }
        return null;
    }

    private static string Untag(string reasoning)
    {
        var text = PythonText.Strip(reasoning);
        return text.StartsWith(OpenThink, StringComparison.OrdinalIgnoreCase) ? PythonText.Strip(text[OpenThink.Length..]) : text;
    }
}
