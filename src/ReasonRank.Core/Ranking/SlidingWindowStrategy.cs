using ReasonRank.Engines;

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
internal sealed class SlidingWindowStrategy(WindowRanker ranker, RankingOptions options, WorkEstimate estimate) : IRankingStrategy
{
    public string Name => StrategyNames.SlidingWindow;

    public IReadOnlyList<WindowLoad> Stages(RankingJob job) => Loads(job, Windows(job));

    public async Task<bool> RankAsync(RankingRun run, CancellationToken cancellationToken)
    {
        var left = Windows(run.Job);
        var done = new HashSet<NeededWindow>();
        for (var window = 0; run.Pace.Next(Loads(run.Job, left)) is { } step; window++)
        {
            left = [.. step.Windows.Select(index => left[index])];
            await RankWindowAsync(run, window, left, step, cancellationToken).ConfigureAwait(false);
            done.Add(left[0]);
            left.RemoveAt(0);
        }

        return done.Count == run.WindowsTotal;
    }

    /// <param name="left">This window, and those that follow it.</param>
    private async Task RankWindowAsync(
        RankingRun run, int window, List<NeededWindow> left, PaceStep step, CancellationToken cancellationToken)
    {
        var (range, needed, _) = left[0];
        run.Raise(new RankingEvent.WindowStarted(window, run.WindowsTotal, range.Start, range.End));
        var upcoming = options.OverlapPrefill && left.Count > 1 ? Untouched(run, range, left[1].Range) : null;
        var work = new WindowWork(window, range, run.Passages(run.At(range)), needed, step.Budget, step.CloseAt, upcoming);
        var ranked = await ranker.RankAsync(run.Job, run.Prompt, work, run.Listener(window), cancellationToken).ConfigureAwait(false);
        run.Add(ranked, order => ranked.Permutation.Apply(order.AsSpan(range.Start, range.Length)));
    }

    /// <summary>How the next window's prompt begins, whatever comes out of this one: the places before it stay as they are.</summary>
    private static ChatPrompt? Untouched(RankingRun run, WindowRange range, WindowRange next)
    {
        var end = Math.Min(range.Start, next.End - 1);
        return end > next.Start ? run.Prompt.Head(next.Length, run.Passages(run.At(new WindowRange(next.Start, end)))) : null;
    }

    private WindowLoad[] Loads(RankingJob job, List<NeededWindow> windows) => [.. windows.Select(window => estimate.Window(
        job, [.. job.Request.Candidates.Skip(window.Range.Start).Take(window.Range.Length)], window.Needed))];

    private List<NeededWindow> Windows(RankingJob job)
    {
        var pass = WindowSchedule.Plan(job.Count, job.WindowSize, job.Stride, job.RankStart, job.RankEnd);
        var passes = job.Request.Passes;
        return Needed(job, [.. Enumerable.Repeat(pass, passes).SelectMany(windows => windows)], pass.Count * (passes - 1));
    }

    /// <summary>The windows that the places asked for depend on; one of a single passage has nothing to order.</summary>
    private List<NeededWindow> Needed(RankingJob job, IReadOnlyList<WindowRange> windows, int lastPass)
    {
        var needed = options.EarlyStop && job.Request.Constrain
            ? NeededIdentifiers.Of(windows, lastPass, job.TopN)
            : [.. windows.Select(window => window.Length)];
        return [.. windows.Zip(needed).Index()
            .Where(window => window.Item.First.Length > 1 && window.Item.Second > 0)
            .Select(window => new NeededWindow(window.Item.First, window.Item.Second, window.Index))];
    }

    /// <param name="Needed">Identifiers needed of its answer.</param>
    /// <param name="Place">Its place in the schedule: tells the same positions in two passes apart.</param>
    private sealed record NeededWindow(WindowRange Range, int Needed, int Place);
}
