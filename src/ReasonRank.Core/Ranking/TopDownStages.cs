namespace ReasonRank.Ranking;

/// <summary>One window of a top-down stage.</summary>
/// <param name="Range">The positions it is about, for the trace.</param>
/// <param name="Candidates">Who is compared, in prompt order.</param>
/// <param name="Needed">Identifiers needed of its answer.</param>
internal sealed record TopDownWindow(WindowRange Range, int[] Candidates, int Needed);

/// <summary>Runs the stages of a top-down ranking one after another, the windows of a stage at the same time, at the run's pace.</summary>
internal sealed class TopDownStages(RankingRun run, WindowRanker ranker, IReadOnlyList<WindowLoad> planned, int parallel)
{
    private readonly List<WindowLoad> _left = [.. planned];
    private int _windows;
    private int _pending;

    /// <summary>The loads of so many windows like <paramref name="one"/>, in waves as even as can be.</summary>
    public static IEnumerable<WindowLoad> Waves(WindowLoad one, int windows, int parallel) => PivotPartition.Shares(windows, parallel)
        .Select(wave => one with { PromptTokens = wave * one.PromptTokens, Windows = wave });

    /// <summary>Ranks windows in waves. <paramref name="place"/> turns what is ranked of a wave into the order of the slice.</summary>
    /// <returns>False when the deadline leaves no time for all that is still to come.</returns>
    public async Task<bool> RankAsync(
        IReadOnlyList<TopDownWindow> windows, Func<IReadOnlyList<int[]>, int[]> place, CancellationToken cancellationToken)
    {
        var start = 0;
        foreach (var wave in PivotPartition.Shares(windows.Count, parallel))
        {
            if (Next() is not { } step)
                return false;
            await RankTogetherAsync([.. windows.Skip(start).Take(wave)], step, place, cancellationToken).ConfigureAwait(false);
            start += wave;
        }

        return true;
    }

    /// <summary>More windows than planned come next.</summary>
    public void Insert(int windows)
    {
        _left.InsertRange(0, Waves(_left[0] with { Windows = 1 }, windows, parallel));
        run.WindowsTotal += windows;
    }

    /// <summary>The next window planned isn't needed.</summary>
    public void Skip()
    {
        _left.RemoveAt(0);
        run.WindowsTotal--;
    }

    /// <summary>The bounds of the next stage; null when it and all after it can't be held.</summary>
    private PaceStep? Next()
    {
        var step = run.Pace.Next(_left);
        if (step?.Windows.Count != _left.Count)
            return null;
        _left.RemoveAt(0);
        return step;
    }

    private async Task RankTogetherAsync(
        TopDownWindow[] windows, PaceStep step, Func<IReadOnlyList<int[]>, int[]> place, CancellationToken cancellationToken)
    {
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ranked = new int[windows.Length][];
        _pending = windows.Length;
        await Task.WhenAll(windows.Select(RankAsync)).ConfigureAwait(false);

        async Task RankAsync(TopDownWindow window, int index)
        {
            try
            {
                var result = await RankOneAsync(window, step, together.Token).ConfigureAwait(false);
                ranked[index] = [.. result.Permutation.Select(rank => window.Candidates[rank])];
                var isLast = Interlocked.Decrement(ref _pending) == 0;
                run.Add(result, order => (isLast ? place(ranked) : []).CopyTo(order, run.Job.RankStart));
            }
            catch
            {
                // One failure fails the ranking, so the other windows needn't go on.
                await together.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    private Task<RankedWindow> RankOneAsync(TopDownWindow window, PaceStep step, CancellationToken cancellationToken)
    {
        var number = _windows++;
        run.Raise(new RankingEvent.WindowStarted(number, run.WindowsTotal, window.Range.Start, window.Range.End));
        var work = new WindowWork(
            number, window.Range, run.Passages(window.Candidates), window.Needed, step.Budget, step.CloseAt);
        return ranker.RankAsync(run.Job, run.Prompt, work, run.Listener(number), cancellationToken);
    }
}
