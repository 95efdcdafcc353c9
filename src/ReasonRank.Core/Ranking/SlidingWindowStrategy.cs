namespace ReasonRank.Ranking;

/// <summary>
/// Orders a long list through overlapping windows, from the tail to the head, in place:
/// <code>
/// position   0        10        20        30        40
/// window 0                      [═════════╪═════════)    20 passages, best first
/// window 1            [═════════╪═════════)              its tail half is window 0's head half, ordered
/// window 2  [═════════╪═════════)                        the best of everything arrives here
/// </code>
/// A passage climbs as far as it deserves in one pass; one that is weak in its window stays behind. Each window reads what
/// the one before wrote, so the windows of one request run one after another, and it is other requests that fill the batch.
/// </summary>
internal sealed class SlidingWindowStrategy(WindowRanker ranker, RankingOptions options)
{
    public const string Name = "sliding-window";

    public async Task RankAsync(RankingRun run, CancellationToken cancellationToken)
    {
        var job = run.Job;
        var pass = Windows(job, passes: 1).Count;
        var windows = Windows(job, job.Request.Passes);
        var needed = options.EarlyStop && job.Request.Constrain
            ? NeededIdentifiers.Of(windows, windows.Count - pass, job.TopN)
            : [.. windows.Select(window => window.Length)];
        run.WindowsTotal = needed.Count(count => count > 0);

        var done = 0;
        foreach (var (range, count) in windows.Zip(needed).Where(window => window.Second > 0))
        {
            var candidates = run.At(range);
            run.Raise(new RankingEvent.WindowStarted(done, run.WindowsTotal, range.Start, range.End));
            var work = new WindowWork(done, range, [.. candidates.Select(run.Passage)], count, job.ReasoningBudget);
            var ranked = await ranker.RankAsync(job, run.Prompt, work, run.Listener(done), cancellationToken).ConfigureAwait(false);
            run.Add(ranked, order => ranked.Permutation.Apply(order.AsSpan(range.Start, range.Length)));
            done++;
        }
    }

    /// <summary>A window of one passage has nothing to order.</summary>
    private static List<WindowRange> Windows(RankingJob job, int passes) =>
        [.. WindowSchedule.Plan(job.Count, job.WindowSize, job.Stride, job.RankStart, job.RankEnd, passes).Where(window => window.Length > 1)];
}
