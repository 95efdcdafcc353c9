namespace ReasonRank.Ranking;

/// <summary>The next windows of a run and the bounds of the first of them.</summary>
/// <param name="Windows">Indices into the windows that were left, in order of work.</param>
/// <param name="CloseAt">Timestamp at which the first one's reasoning has to end; null without a deadline.</param>
internal sealed record PaceStep(IReadOnlyList<int> Windows, int Budget, long? CloseAt);

/// <summary>Paces one run so that it ends before its deadline: asked before every window, it plans the rest anew.</summary>
internal sealed class RankingPace(RankingJob job, RankingDeadline deadline, Workload workload, DeadlinePlanKind kind, TimeProvider time)
{
    private const double ReasoningShare = 0.75;

    // Kept back from the first plan, so that a window a little longer than foreseen doesn't cost the next one its place:
    // without it, what has climbed until then can't go on.
    private const double Reserve = 0.05;
    private bool _hasStarted;

    /// <summary>Whether there is time for all of these windows, as far as is known.</summary>
    public bool Holds(IReadOnlyList<WindowLoad> windows) =>
        Seconds is not { } seconds
        || workload.Next is not { } rates
        || DeadlinePlan.Holds(seconds, [.. windows.Select(load => load.Cost(rates))]);

    /// <summary>What to do now; null when there is no time for anything.</summary>
    /// <param name="left">The windows left in order of work.</param>
    public PaceStep? Next(IReadOnlyList<WindowLoad> left)
    {
        if (left.Count == 0)
            return null;
        if (Seconds is not { } seconds)
            return new PaceStep([.. Enumerable.Range(0, left.Count)], job.ReasoningBudget, CloseAt: null);

        var rates = workload.Next;
        var plan = rates is null ? EqualShares(left.Count, seconds) : Plan(left, seconds, rates.Value);
        _hasStarted = true;
        if (plan.Windows.Count == 0)
            return null;
        var budget = plan.Reasoning is { } reasoning ? (int)Math.Min(job.ReasoningBudget, reasoning / rates!.Value.Step) : job.ReasoningBudget;
        var ticks = Math.Max(0, plan.CloseAfter) * time.TimestampFrequency;
        return new PaceStep(plan.Windows, budget, time.GetTimestamp() + (long)ticks);
    }

    /// <summary>Time to plan with; null when there is no deadline.</summary>
    private double? Seconds => deadline.Remaining?.TotalSeconds * (_hasStarted ? 1 : 1 - Reserve);

    private DeadlinePlan Plan(IReadOnlyList<WindowLoad> left, double seconds, EngineRates rates) =>
        DeadlinePlan.Make(Kind, seconds, [.. left.Select(load => load.Cost(rates))]);

    // Nothing measured yet: equal shares are the best guess, with a part of each for the answer.
    private static DeadlinePlan EqualShares(int windows, double seconds) =>
        new([.. Enumerable.Range(0, windows)], Reasoning: null, ReasoningShare * seconds / windows);

    // The head comes first once; after that the windows chosen follow one another.
    private DeadlinePlanKind Kind => job.Request.OnDeadline switch
    {
        DeadlinePolicy.Error => DeadlinePlanKind.AllOrNothing,
        _ when kind == DeadlinePlanKind.HeadFirst && _hasStarted => DeadlinePlanKind.FewerWindows,
        _ => kind,
    };
}
