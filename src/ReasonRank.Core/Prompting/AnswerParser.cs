namespace ReasonRank.Prompting;

/// <summary>Reads a window's order out of whatever a model wrote. Never fails; linear in the output's length.</summary>
public static class AnswerParser
{
    /// <summary>Reads an output.</summary>
    /// <param name="text">The completion: reasoning, close and answer.</param>
    /// <param name="count">Passages in the window.</param>
    /// <param name="wasCut">The output ended at a limit rather than by itself.</param>
    /// <param name="needed">Only the order's first so many places matter: a sound head of that length is all that is asked. Null: all.</param>
    public static ParsedAnswer Parse(
        string text, int count, bool wasCut = false, int? needed = null, ParseMode mode = ParseMode.Safe)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var located = LocatedAnswer.In(text);
        var answer = mode == ParseMode.Safe ? located.Answer : LocatedAnswer.AsReference(text);
        var numbers = mode == ParseMode.Safe ? Numbers.Decimal(answer, count) : Numbers.AsReference(answer, count);
        var tally = new Tally(count, Math.Clamp(needed ?? count, 0, count));
        foreach (var number in numbers)
            tally.Add(number - 1);
        return new ParsedAnswer(
            Permutation.Complete(tally.Items, count), tally.Status(wasCut), tally.Repairs, located.Reasoning, answer.Trim());
    }

    /// <summary>Whether an output by itself looks cut: it opens its reasoning or its answer and doesn't close it.</summary>
    public static bool LooksCut(string text) => LocatedAnswer.In(text).IsOpen;

    /// <summary>Counts what an answer gives against what is needed of it.</summary>
    private sealed class Tally(int count, int needed)
    {
        private readonly bool[] _isGiven = new bool[count];
        private int _numbers;
        private int _repeated;
        private int _unknown;
        private bool _isHeadSound = true;

        /// <summary>The items given, each once, in order of first mention.</summary>
        public List<int> Items { get; } = new(count);

        public AnswerRepairs Repairs => new(Math.Max(0, needed - Items.Count), _repeated, _unknown);

        public void Add(int item)
        {
            var isUnknown = (uint)item >= (uint)count;
            var isRepeated = !isUnknown && _isGiven[item];
            if (isUnknown)
                _unknown++;
            else if (isRepeated)
                _repeated++;
            else
                Place(item);
            _isHeadSound &= _numbers++ >= needed || !(isUnknown || isRepeated);
        }

        public AnswerStatus Status(bool wasCut)
        {
            if (Items.Count == 0 && count > 0)
                return wasCut ? AnswerStatus.Truncated : AnswerStatus.Fallback;
            // Where the whole order is needed nothing may follow it; after a head that is enough, anything may.
            var isSound = needed < count ? _isHeadSound && Items.Count >= needed : Repairs.Total == 0;
            return isSound ? AnswerStatus.Ok : AnswerStatus.Repaired;
        }

        private void Place(int item)
        {
            _isGiven[item] = true;
            Items.Add(item);
        }
    }
}
