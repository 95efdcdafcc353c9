using System.Globalization;
using System.Text;

namespace ReasonRank.Engines.Local.Answers;

/// <summary>
/// A place in the answer language, as an automaton over bytes:
/// <code>
///   &lt;/think&gt; ws &lt;answer&gt; ws [id] (sep [id])* ws &lt;/answer&gt;
///   ws   up to two of space and LF        sep  " > ", ">", " >" or "> "        id  1..Count, each once, no leading zero
/// </code>
/// A small value: copied to try a token, kept when the token is taken. Every reachable state leads to the end of the language.
/// </summary>
internal struct AnswerState
{
    private static ReadOnlySpan<byte> ThinkClose => "</think>"u8;

    private static ReadOnlySpan<byte> AnswerOpen => "<answer>"u8;

    private static ReadOnlySpan<byte> AnswerClose => "</answer>"u8;

    private UInt128 _unused;
    private byte _progress;
    private short _value;
    private short _remaining;

    private AnswerState(AnswerStage stage, int count)
    {
        Stage = stage;
        _remaining = (short)count;
        _unused = (UInt128.One << count) - 1;
    }

    public AnswerStage Stage { get; private set; }

    /// <summary>Identifiers whose closing bracket stands.</summary>
    public int Completed { get; private set; }

    /// <summary>Identifiers not completed yet.</summary>
    public readonly int Remaining => _remaining;

    public readonly bool IsDone => Stage == AnswerStage.Done;

    /// <summary>Before the first byte of the close.</summary>
    /// <param name="count">Identifiers, 1..<see cref="PermutationAnswer.Limit"/>.</param>
    /// <param name="matched">Bytes of the close that already stand.</param>
    public static AnswerState AtClose(int count, int matched = 0) => new(AnswerStage.ThinkClose, count) { _progress = (byte)matched };

    /// <summary>After the close of the reasoning.</summary>
    public static AnswerState AfterClose(int count) => new(AnswerStage.SpaceAfterThink, count);

    /// <summary>Where a think-free answer begins: before <c>&lt;answer&gt;</c>.</summary>
    public static AnswerState AtAnswer(int count) => new(AnswerStage.AnswerOpen, count);

    /// <summary>Behind a text that is put in to lead into the language, from its last close or, without one, its last <c>&lt;answer&gt;</c>; null when it doesn't.</summary>
    public static AnswerState? Behind(string text, int count)
    {
        var close = text.LastIndexOf("</think>", StringComparison.Ordinal);
        var from = close >= 0 ? close : text.LastIndexOf("<answer>", StringComparison.Ordinal);
        var state = close >= 0 ? AtClose(count) : AtAnswer(count);
        return from >= 0 && state.TryAdvance(Encoding.UTF8.GetBytes(text[from..])) ? state : null;
    }

    /// <summary>Any stage with any progress, for finding the tokens that a vocabulary can ever need.</summary>
    public static AnswerState Anywhere(AnswerStage stage, int progress, int count, int value) =>
        new(stage, count) { _progress = (byte)progress, _value = (short)value };

    /// <summary>Within the digits of the only identifier left, for the same purpose.</summary>
    public static AnswerState LastOpen(int id) =>
        new(AnswerStage.Digits, 1) { _unused = UInt128.One << (id - 1), _value = (short)id };

    /// <summary>The identifier whose digits stand and are complete: no longer unused one starts with them. 0 if there's none.</summary>
    public readonly int DeterminedId => Stage == AnswerStage.Digits && IsUnused(_value) && !CanGrow(_value) ? _value : 0;

    /// <summary>The digits still missing where only one unused identifier starts with those that stand; else empty.</summary>
    public readonly string RestOfOnlyId
    {
        get
        {
            if (Stage != AnswerStage.Digits)
                return "";
            var only = 0;
            for (var id = 1; id <= PermutationAnswer.Limit; id++)
            {
                if (!IsUnused(id) || !StartsWith(id, _value))
                    continue;
                if (only > 0)
                    return "";
                only = id;
            }
            var digits = only.ToString(CultureInfo.InvariantCulture);
            return _value == 0 ? digits : digits[_value.ToString(CultureInfo.InvariantCulture).Length..];
        }
    }

    /// <summary>What must follow of a tag that has begun, or that no white space may delay any more; else empty.</summary>
    public readonly string ForcedTag => Stage switch
    {
        AnswerStage.SpaceAfterThink when _progress == 2 => "<answer>",
        AnswerStage.AnswerOpen => "<answer>"[_progress..],
        AnswerStage.SpaceAfterIds when _progress == 2 => "</answer>",
        AnswerStage.AnswerClose => "</answer>"[_progress..],
        _ => "",
    };

    /// <summary>Takes a whole token, or leaves the state in the middle of it and returns false.</summary>
    public bool TryAdvance(ReadOnlySpan<byte> text)
    {
        foreach (var next in text)
        {
            if (!TryAdvance(next))
                return false;
        }
        return text.Length > 0;
    }

    /// <summary>Takes one byte if the language allows it here; else returns false and changes nothing.</summary>
    public bool TryAdvance(byte next) => Stage switch
    {
        AnswerStage.ThinkClose => Spell(ThinkClose, next, AnswerStage.SpaceAfterThink),
        AnswerStage.SpaceAfterThink => Space(next) || Enter(next, AnswerOpen, AnswerStage.AnswerOpen, AnswerStage.SpaceBeforeId),
        AnswerStage.AnswerOpen => Spell(AnswerOpen, next, AnswerStage.SpaceBeforeId),
        AnswerStage.SpaceBeforeId => Space(next) || Open(next),
        AnswerStage.Digits => Digit(next) || CloseId(next),
        AnswerStage.AfterId => AfterId(next),
        AnswerStage.SpaceBeforeArrow => next == '>' && Move(AnswerStage.AfterArrow),
        AnswerStage.AfterArrow => Open(next) || (next == ' ' && Move(AnswerStage.SpaceAfterArrow)),
        AnswerStage.SpaceAfterArrow => Open(next),
        AnswerStage.SpaceAfterIds => Space(next) || Enter(next, AnswerClose, AnswerStage.AnswerClose, AnswerStage.Done),
        AnswerStage.AnswerClose => Spell(AnswerClose, next, AnswerStage.Done),
        _ => false,
    };

    private bool AfterId(byte next) => next switch
    {
        (byte)' ' => Move(AnswerStage.SpaceBeforeArrow),
        (byte)'>' => Move(AnswerStage.AfterArrow),
        _ => false,
    };

    private bool Open(byte next)
    {
        if (next != '[')
            return false;
        _value = 0;
        return Move(AnswerStage.Digits);
    }

    private bool Digit(byte next)
    {
        if (next is < (byte)'0' or > (byte)'9')
            return false;
        var value = _value * 10 + (next - '0');
        if (value == 0 || !(IsUnused(value) || CanGrow(value)))
            return false;
        _value = (short)value;
        return true;
    }

    private bool CloseId(byte next)
    {
        if (next != ']' || !IsUnused(_value))
            return false;
        _unused &= ~(UInt128.One << (_value - 1));
        Completed++;
        _remaining--;
        return Move(_remaining == 0 ? AnswerStage.SpaceAfterIds : AnswerStage.AfterId);
    }

    private bool Space(byte next)
    {
        if (next is not ((byte)' ' or (byte)'\n') || _progress == 2)
            return false;
        _progress++;
        return true;
    }

    /// <summary>Begins a tag: its first byte is taken from a stage that counts white space.</summary>
    private bool Enter(byte next, ReadOnlySpan<byte> tag, AnswerStage stage, AnswerStage after)
    {
        if (next != tag[0])
            return false;
        Move(stage);
        return Spell(tag, next, after);
    }

    private bool Spell(ReadOnlySpan<byte> tag, byte next, AnswerStage after)
    {
        if (next != tag[_progress])
            return false;
        if (++_progress == tag.Length)
            Move(after);
        return true;
    }

    private bool Move(AnswerStage stage)
    {
        Stage = stage;
        _progress = 0;
        return true;
    }

    private readonly bool IsUnused(int value) => value is > 0 and <= PermutationAnswer.Limit && (_unused >> (value - 1) & 1) != 0;

    private static bool StartsWith(int id, int digits)
    {
        while (id > digits)
            id /= 10;
        return id == digits || digits == 0;
    }

    /// <summary>True when an unused identifier has more digits and starts with these.</summary>
    private readonly bool CanGrow(int value)
    {
        for (int low = value * 10, high = low + 9; low <= PermutationAnswer.Limit && low > 0; low *= 10, high = high * 10 + 9)
        {
            for (var id = low; id <= high && id <= PermutationAnswer.Limit; id++)
            {
                if (IsUnused(id))
                    return true;
            }
        }
        return false;
    }
}

/// <summary>The parts of the answer language, in order.</summary>
internal enum AnswerStage
{
    ThinkClose,
    SpaceAfterThink,
    AnswerOpen,
    SpaceBeforeId,
    Digits,
    AfterId,
    SpaceBeforeArrow,
    AfterArrow,
    SpaceAfterArrow,
    SpaceAfterIds,
    AnswerClose,
    Done,
}
