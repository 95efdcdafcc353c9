using ReasonRank.Engines;

namespace ReasonRank.Ranking;

/// <summary>
/// Guesses the size of work before it is done, from the windows done lately: tokens per letter of a prompt, steps per
/// identifier of an answer, tokens that reasoning takes when its budget lets it. Thread-safe.
/// </summary>
internal sealed class WorkEstimate
{
    private const int Remembered = 256;
    private const int PromptFrame = 1_200;
    private readonly Lock _lock = new();
    private readonly FadingRatio _tokensPerLetter = new();
    private readonly FadingRatio _stepsPerIdentifier = new();
    private readonly Queue<int> _reasoning = new();
    private int _longestCut;

    /// <summary>Takes what one window told.</summary>
    /// <param name="letters">Letters of its prompt.</param>
    /// <param name="identifiers">Identifiers needed of its answer.</param>
    /// <param name="budget">The reasoning budget it had.</param>
    public void Record(Generation generation, int letters, int identifiers, int budget)
    {
        var usage = generation.Usage;
        lock (_lock)
        {
            _tokensPerLetter.Add(usage.PromptTokens, letters);
            _stepsPerIdentifier.Add(usage.AnswerSteps, identifiers);

            // A reasoning cut short tells how long it would have been only when it was already longer than most.
            var wasCut = generation.Finish is FinishReason.Budget or FinishReason.Deadline;
            if (wasCut)
                _longestCut = Math.Max(_longestCut, usage.ReasoningTokens);
            if (budget == 0 || (wasCut && !(usage.ReasoningTokens > Quantile(0.9))))
                return;
            if (_reasoning.Count == Remembered)
                _reasoning.Dequeue();
            _reasoning.Enqueue(usage.ReasoningTokens);
        }
    }

    /// <summary>The size of a window of these candidates.</summary>
    public WindowLoad Window(RankingJob job, IEnumerable<Candidate> candidates, int identifiers)
    {
        double tokensPerLetter, stepsPerIdentifier;
        lock (_lock)
        {
            tokensPerLetter = _tokensPerLetter.Value ?? 0.25;
            stepsPerIdentifier = _stepsPerIdentifier.Value ?? 4;
        }

        var passages = candidates.Sum(candidate => Math.Min(
            (candidate.Text.Length + (candidate.Title?.Length ?? 0) + 6) * tokensPerLetter, job.MaxPassageTokens));
        var rest = (PromptFrame + (2 * job.Request.Query.Length)) * tokensPerLetter;
        return new WindowLoad((int)Math.Ceiling(passages + rest), (int)Math.Ceiling(identifiers * stepsPerIdentifier));
    }

    /// <summary>Reasoning tokens that 9 of 10 windows stay within, or the budget where that is less.</summary>
    public int MostReasoning(int budget)
    {
        lock (_lock)
            return Math.Min(budget, Quantile(0.9) ?? budget);
    }

    /// <summary>Reasoning tokens of the window in the middle, or the budget where that is less; at least what was ever cut while no whole one is known.</summary>
    public int TypicalReasoning(int budget)
    {
        lock (_lock)
            return Math.Min(budget, Quantile(0.5) ?? (_longestCut > 0 ? _longestCut : budget));
    }

    private int? Quantile(double share)
    {
        if (_reasoning.Count == 0)
            return null;
        var sorted = _reasoning.Order().ToArray();
        return sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
    }
}
