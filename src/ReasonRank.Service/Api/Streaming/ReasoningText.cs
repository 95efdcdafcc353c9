namespace ReasonRank.Service.Api.Streaming;

/// <summary>
/// Takes the reasoning out of a window's raw output while it comes in: no tags, no answer. Text that may turn out to be the beginning of a
/// tag is held back until that's known.
/// </summary>
internal sealed class ReasoningText
{
    private const string Open = "<think>";
    private static readonly string[] Ends = ["</think>", "<answer>"];
    private string _held = "";
    private bool _hasBegun;
    private bool _hasEnded;

    /// <summary>The part of the output so far that is reasoning and wasn't returned before.</summary>
    public string Add(string delta)
    {
        if (_hasEnded)
            return "";
        _held += delta;
        if (!_hasBegun && !Begin())
            return "";
        foreach (var end in Ends)
        {
            if (_held.IndexOf(end, StringComparison.Ordinal) is >= 0 and var at)
            {
                _hasEnded = true;
                return _held[..at].TrimEnd();
            }
        }

        var safe = SafeLength();
        var text = _held[..safe];
        _held = _held[safe..];
        return text;
    }

    /// <summary>Drops the opening tag and the white space around it; false while it may still be coming.</summary>
    private bool Begin()
    {
        var text = _held.TrimStart();
        if (text.Length < Open.Length && Open.StartsWith(text, StringComparison.Ordinal))
            return false;
        if (text.StartsWith(Open, StringComparison.Ordinal))
            text = text[Open.Length..].TrimStart();
        _held = text;
        return _hasBegun = text.Length > 0;
    }

    /// <summary>How much can't become an end any more; white space waits too, since none belongs before an end.</summary>
    private int SafeLength()
    {
        for (var from = 0; from < _held.Length; from++)
        {
            var tail = _held[from..].TrimStart();
            if ((tail.Length < _held.Length - from || tail.StartsWith('<')) && Array.Exists(Ends, end => end.StartsWith(tail, StringComparison.Ordinal)))
                return from;
        }

        return _held.Length;
    }
}
