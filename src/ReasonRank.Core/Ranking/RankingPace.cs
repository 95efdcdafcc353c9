namespace ReasonRank.Ranking;

/// <summary>The next windows of a run and the bounds of the first of them.</summary>
/// <param name="Windows">Indices into the windows that were left, in order of work.</param>
/// <param name="CloseAt">Timestamp at which the first one's reasoning has to end; null without a deadline.</param>
internal sealed record PaceStep(IReadOnlyList<int> Windows, int Budget, long? CloseAt);

/// <summary>Paces one run so that it ends before its deadline: asked before every window, it plans the rest anew.</summary>
internal sealed class RankingPace(RankingJob job, RankingDeadline deadline, Workload workload, DeadlinePlanKind kind, TimeProvider time)
{
    private const double ReasoningShare = 0.75;
    private bool _hasStarted;

    /// <summary>What to do now; null when there is no time for anything.</summary>
    /// <param name="left">The windows left in order of work.</param>
    public PaceStep? Next(IReadOnlyList<WindowLoad> left)
    {
        if (left.Count == 0)
            return null;
        if (deadline.Remaining is not { } remaining)
            return new PaceStep([.. Enumerable.Range(0, left.Count)], job.ReasoningBudget, CloseAt: null);

        var plan = Plan(left, remaining.TotalSeconds);
        _hasStarted = true;
        if (plan.Windows.Count == 0)
            return null;
        var ticks = Math.Max(0, plan.CloseAfter) * time.TimestampFrequency;
        return new PaceStep(plan.Windows, plan.Budget, time.GetTimestamp() + (long)ticks);
    }

    private DeadlinePlan Plan(IReadOnlyList<WindowLoad> left, double seconds)
    {
        // Nothing measured yet: equal shares are the best guess, with a part of each for the answer.
        if (workload.Next is not { } rates)
            return new DeadlinePlan([.. Enumerable.Range(0, left.Count)], job.ReasoningBudget, ReasoningShare * seconds / left.Count);
        var costs = left.Select(load => new WindowCost(load.Seconds(rates), load.AnswerSeconds(rates))).ToArray();
        return DeadlinePlan.Make(
            Kind, seconds, costs, rates.Step, job.ReasoningBudget, workload.Estimate.TypicalReasoning(job.ReasoningBudget));
    }

    // The head comes first once; after that the windows chosen follow one another.
    private DeadlinePlanKind Kind => job.Request.OnDeadline switch
    {
        DeadlinePolicy.Error => DeadlinePlanKind.AllOrNothing,
        _ when kind == DeadlinePlanKind.HeadFirst && _hasStarted => DeadlinePlanKind.FewerWindows,
        _ => kind,
    };
}
