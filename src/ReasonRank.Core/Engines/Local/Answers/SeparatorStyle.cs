namespace ReasonRank.Engines.Local.Answers;

/// <summary>
/// How a model writes what stands between two identifiers, in its own tokens: from the "]" behind one's digits to the "[" before the next one's.
/// Known after the first separator, and only where digits are tokens of their own; a different one later counts as a break and becomes the style.
/// </summary>
internal sealed class SeparatorStyle
{
    private readonly List<AnswerToken> _gap = [];
    private AnswerToken[]? _style;
    private bool _isClean;

    public int Breaks { get; private set; }

    /// <summary>The style's closing bracket where that is a token of its own.</summary>
    public AnswerToken? Bracket => _style is [var first, ..] && first.Text.AsSpan().SequenceEqual("]"u8) ? first : null;

    /// <summary>What the style says is still to come before the next digit; empty where the style isn't known, or isn't kept this time.</summary>
    public ReadOnlySpan<AnswerToken> Rest
    {
        get
        {
            if (_style is null || !_isClean || !BeginsWithGap(_style))
                return [];
            return _style.AsSpan(_gap.Count);
        }
    }

    /// <summary>Notes the next token of the answer.</summary>
    /// <param name="betweenIds">An identifier stands before it.</param>
    public void Read(AnswerToken token, bool betweenIds)
    {
        if (token.Text.AsSpan().IndexOfAnyInRange((byte)'0', (byte)'9') < 0)
        {
            _gap.Add(token);
            return;
        }
        if (_isClean && betweenIds && _gap.Count > 0)
            Learn();
        _gap.Clear();
        _isClean = token.Text.AsSpan().IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }

    private void Learn()
    {
        if (_style is null)
            _style = [.. _gap];
        else if (_gap.Count != _style.Length || !BeginsWithGap(_style))
        {
            Breaks++;
            _style = [.. _gap];
        }
    }

    private bool BeginsWithGap(ReadOnlySpan<AnswerToken> style)
    {
        for (var i = 0; i < _gap.Count; i++)
        {
            if (i >= style.Length || _gap[i].Id != style[i].Id)
                return false;
        }
        return true;
    }
}
