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
internal sealed class SlidingWindowStrategy(WindowRanker ranker, RankingOptions options, WorkEstimate estimate)
{
    public const string Name = "sliding-window";

    /// <summary>What each window will probably take, in order of work; the head comes last.</summary>
    public IReadOnlyList<WindowLoad> Loads(RankingJob job) => [.. Windows(job).Select(window => Load(job, window))];

    /// <summary>Works through the windows, or through those that the deadline leaves time for.</summary>
    /// <returns>Whether all windows were run.</returns>
    public async Task<bool> RankAsync(RankingRun run, CancellationToken cancellationToken)
    {
        var left = Windows(run.Job);
        var total = left.Count;
        var done = new HashSet<NeededWindow>();
        for (var work = 0; run.Pace.Next([.. left.Select(window => Load(run.Job, window))]) is { } step; work++)
        {
            var window = left[step.Windows[0]];
            await RankWindowAsync(run, work, window, step, cancellationToken).ConfigureAwait(false);
            done.Add(window);
            left = [.. step.Windows.Skip(1).Select(index => left[index])];
        }

        return done.Count == total;
    }

    private async Task RankWindowAsync(RankingRun run, int work, NeededWindow window, PaceStep step, CancellationToken cancellationToken)
    {
        var range = window.Range;
        run.Raise(new RankingEvent.WindowStarted(work, run.WindowsTotal, range.Start, range.End));
        var passages = run.At(range).Select(run.Passage).ToArray();
        var ranked = await ranker.RankAsync(
            run.Job,
            run.Prompt,
            new WindowWork(work, range, passages, window.Needed, step.Budget, step.CloseAt),
            run.Listener(work),
            cancellationToken).ConfigureAwait(false);
        run.Add(ranked, order => ranked.Permutation.Apply(order.AsSpan(range.Start, range.Length)));
    }

    private WindowLoad Load(RankingJob job, NeededWindow window) => estimate.Window(
        job, job.Request.Candidates.Skip(window.Range.Start).Take(window.Range.Length), window.Needed);

    /// <summary>The windows that anything depends on.</summary>
    private List<NeededWindow> Windows(RankingJob job)
    {
        var pass = Plan(job, passes: 1).Length;
        var windows = Plan(job, job.Request.Passes);
        var needed = options.EarlyStop && job.Request.Constrain
            ? NeededIdentifiers.Of(windows, windows.Length - pass, job.TopN)
            : [.. windows.Select(window => window.Length)];
        return [.. windows.Zip(needed, (range, count) => new NeededWindow(range, count)).Index()
            .Where(window => window.Item.Needed > 0)
            .Select(window => window.Item with { Work = window.Index })];
    }

    /// <summary>A window of one passage has nothing to order.</summary>
    private static WindowRange[] Plan(RankingJob job, int passes) =>
        [.. WindowSchedule.Plan(job.Count, job.WindowSize, job.Stride, job.RankStart, job.RankEnd, passes).Where(window => window.Length > 1)];

    /// <param name="Needed">Identifiers needed of its answer.</param>
    /// <param name="Work">Its place in the schedule: tells the same positions in two passes apart.</param>
    private sealed record NeededWindow(WindowRange Range, int Needed, int Work = 0);
}
