using ReasonRank.Engines;

namespace ReasonRank.Ranking;

/// <summary>
/// Guesses the size of work before it is done, from the windows done lately: tokens per letter of a prompt, steps per
/// identifier of an answer, reasoning tokens per passage where the budget lets it end. Thread-safe.
/// </summary>
internal sealed class WorkEstimate
{
    private const int Remembered = 256;

    // Letters of a prompt around its passages, the query aside: about the same in both profiles' words.
    private const int PromptFrame = 900;
    private const double Usual = 0.75;
    private const double Most = 0.9;
    private readonly Lock _lock = new();
    private readonly FadingRatio _tokensPerLetter = new();
    private readonly FadingRatio _stepsPerIdentifier = new();
    private readonly Queue<double> _reasoning = new();
    private double _longestCut;

    /// <summary>Takes what one window told.</summary>
    /// <param name="letters">Letters of its prompt.</param>
    /// <param name="passages">Passages in it.</param>
    /// <param name="identifiers">Identifiers needed of its answer.</param>
    /// <param name="budget">The reasoning budget it had.</param>
    public void Record(Generation generation, int letters, int passages, int identifiers, int budget)
    {
        var usage = generation.Usage;
        var reasoning = usage.ReasoningTokens / (double)passages;
        lock (_lock)
        {
            _tokensPerLetter.Add(usage.PromptTokens, letters);
            _stepsPerIdentifier.Add(usage.AnswerSteps, identifiers);

            // A reasoning cut short tells how long it would have been only when it was already longer than most.
            var wasCut = generation.Finish is FinishReason.Budget or FinishReason.Deadline;
            if (wasCut)
                _longestCut = Math.Max(_longestCut, reasoning);
            if (budget == 0 || (wasCut && !(reasoning > Quantile(Most))))
                return;
            if (_reasoning.Count == Remembered)
                _reasoning.Dequeue();
            _reasoning.Enqueue(reasoning);
        }
    }

    /// <summary>The size of a window of these candidates.</summary>
    public WindowLoad Window(RankingJob job, IReadOnlyCollection<Candidate> candidates, int identifiers)
    {
        double tokensPerLetter, stepsPerIdentifier, reasoning;
        lock (_lock)
        {
            reasoning = Expected(Usual, candidates.Count, job.ReasoningBudget);
            tokensPerLetter = _tokensPerLetter.Value ?? 0.25;
            stepsPerIdentifier = _stepsPerIdentifier.Value ?? 4;
        }

        var passages = candidates.Sum(candidate => Math.Min(
            (candidate.Text.Length + (candidate.Title?.Length ?? 0) + 6) * tokensPerLetter, job.MaxPassageTokens));
        var rest = (PromptFrame + (2 * job.Request.Query.Length)) * tokensPerLetter;
        return new WindowLoad(
            (int)Math.Ceiling(passages + rest), (int)Math.Ceiling(identifiers * stepsPerIdentifier), (int)Math.Ceiling(reasoning));
    }

    /// <summary>Reasoning tokens that 9 of 10 windows of so many passages stay within, or the budget where that is less.</summary>
    public int MostReasoning(int passages, int budget)
    {
        lock (_lock)
            return (int)Math.Ceiling(Expected(Most, passages, budget));
    }

    // While no whole reasoning is known, one that was cut tells the least that it takes.
    private double Expected(double share, int passages, int budget) =>
        Math.Min(budget, (Quantile(share) ?? (_longestCut > 0 ? _longestCut : budget)) * passages);

    private double? Quantile(double share)
    {
        if (_reasoning.Count == 0)
            return null;
        var sorted = _reasoning.Order().ToArray();
        return sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
    }
}
