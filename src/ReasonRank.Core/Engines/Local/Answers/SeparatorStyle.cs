namespace ReasonRank.Engines.Local.Answers;

/// <summary>
/// How a model writes what stands between two identifiers, in its own tokens: between the digits of one and the next, or between whole
/// identifiers where "[12]" is one token. Known after the first separator, and only where identifiers are written alike;
/// a different separator later counts as a break and becomes the style.
/// </summary>
internal sealed class SeparatorStyle
{
    private readonly List<AnswerToken> _gap = [];
    private AnswerToken[]? _style;
    private IdentifierShape _styleShape;
    private IdentifierShape _shape;

    public int Breaks { get; private set; }

    /// <summary>The style's closing bracket where that is a token of its own.</summary>
    public AnswerToken? Bracket => _style is [var first, ..] && first.Text.AsSpan().SequenceEqual("]"u8) ? first : null;

    /// <summary>What the style says is still to come before the next digit; empty where the style isn't known, or isn't kept this time.</summary>
    public ReadOnlySpan<AnswerToken> Rest
    {
        get
        {
            if (_style is null || _shape == IdentifierShape.Mixed || _shape != _styleShape || !BeginsWithGap(_style))
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
        if (_shape != IdentifierShape.Mixed && betweenIds && _gap.Count > 0)
            Learn();
        _gap.Clear();
        _shape = Shape(token.Text);
    }

    private void Learn()
    {
        _styleShape = _shape;
        if (_style is not null && _gap.Count == _style.Length && BeginsWithGap(_style))
            return;
        Breaks += _style is null ? 0 : 1;
        _style = [.. _gap];
    }

    private static IdentifierShape Shape(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
            return IdentifierShape.Digits;
        return text is [(byte)'[', .. var digits, (byte)']'] && digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            ? IdentifierShape.Whole
            : IdentifierShape.Mixed;
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

    /// <summary>What of an identifier a token holds.</summary>
    private enum IdentifierShape
    {
        /// <summary>Digits with a part of what surrounds them: where the separator begins isn't at a token's edge.</summary>
        Mixed,

        Digits,

        /// <summary>"[12]".</summary>
        Whole,
    }
}
