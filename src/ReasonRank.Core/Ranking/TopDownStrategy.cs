namespace ReasonRank.Ranking;

/// <summary>
/// Orders a long list in three rounds, four at most (pivot partitioning, arXiv 2405.14589):
/// <code>
/// head      [20 passages]                    the one in the middle becomes the pivot P
/// blocks    [P + 19] [P + 19] [P + 19]       at the same time; who beats P joins the pool
/// heats     [20] [20]                        only for a pool larger than a window: the best of each go on
/// pool      [20]                             ranked: the top of the result
/// </code>
/// Far fewer windows wait for each other than with sliding windows. The price: below the pool the order is coarse, and a pool
/// larger than a window loses candidates that did beat the pivot; they are counted in a warning. Rounds that were begun and not
/// finished are worth little: when the deadline leaves no time for all of them, sliding windows do what can be done.
/// </summary>
/// <param name="sliding">Ranks when time is short.</param>
/// <param name="parallel">Windows that the engine decodes at once: when there are more, they go in waves.</param>
internal sealed class TopDownStrategy(
    WindowRanker ranker, RankingOptions options, WorkEstimate estimate, SlidingWindowStrategy sliding, int parallel) : IRankingStrategy
{
    public string Name => StrategyNames.TopDown;

    public IReadOnlyList<WindowLoad> Stages(RankingJob job)
    {
        var count = job.RankEnd - job.RankStart;
        var head = Math.Min(count, job.WindowSize);
        if (head < 2 || (StopsEarly(job) && job.TopN <= job.RankStart))
            return [];

        var one = estimate.Window(job, [.. job.Request.Candidates.Skip(job.RankStart).Take(head)], head);
        var blocks = PivotPartition.Shares(count - head, job.WindowSize - 1).Count;
        WindowLoad[] pass = blocks == 0 ? [one] : [one, .. TopDownStages.Waves(one, blocks, parallel), one];
        return [.. Enumerable.Repeat(pass, job.Request.Passes).SelectMany(stages => stages)];
    }

    public async Task<bool> RankAsync(RankingRun run, CancellationToken cancellationToken)
    {
        var job = run.Job;
        var planned = Stages(job);
        if (job.Request.OnDeadline == DeadlinePolicy.Partial && !run.Pace.Holds(planned))
            return await RankSlidingAsync(run, cancellationToken).ConfigureAwait(false);

        var stages = new TopDownStages(run, ranker, planned, parallel);
        for (var pass = 1; pass <= job.Request.Passes; pass++)
        {
            var wanted = pass == job.Request.Passes && StopsEarly(job) ? job.TopN - job.RankStart : job.Count;
            if (!await new TopDownPass(run, stages, wanted).RankAsync(cancellationToken).ConfigureAwait(false))
                return false;
        }

        return true;
    }

    /// <returns>Never that everything was done: it isn't what was asked for.</returns>
    private async Task<bool> RankSlidingAsync(RankingRun run, CancellationToken cancellationToken)
    {
        run.Warn("The deadline left no time for all rounds of top-down: sliding windows were used instead.");
        run.WindowsTotal = sliding.Stages(run.Job).Count;
        await sliding.RankAsync(run, cancellationToken).ConfigureAwait(false);
        return false;
    }

    private bool StopsEarly(RankingJob job) => options.EarlyStop && job.Request.Constrain;
}
