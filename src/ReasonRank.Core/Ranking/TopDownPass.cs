namespace ReasonRank.Ranking;

/// <summary>One pass of a top-down ranking over the slice of a request.</summary>
/// <param name="wanted">Places wanted from the top of the slice; what doesn't reach them needn't be decoded.</param>
internal sealed class TopDownPass(RankingRun run, TopDownStages stages, int wanted)
{
    private readonly PivotPartition _partition = new(run.At(new WindowRange(run.Job.RankStart, run.Job.RankEnd)), run.Job.WindowSize);

    /// <returns>False when the deadline came first.</returns>
    public async Task<bool> RankAsync(CancellationToken cancellationToken) =>
        await HeadAsync(cancellationToken).ConfigureAwait(false)
        && await BlocksAsync(cancellationToken).ConfigureAwait(false)
        && await HeatsAsync(cancellationToken).ConfigureAwait(false)
        && await PoolAsync(cancellationToken).ConfigureAwait(false);

    private Task<bool> HeadAsync(CancellationToken cancellationToken)
    {
        var head = _partition.Head;
        var blocks = _partition.Blocks;
        var half = PivotPartition.PivotRank(head.Length) + 1;
        // With blocks to come, the half above the pivot is all that they and the places wanted depend on.
        var needed = blocks.Count == 0 ? Math.Min(wanted, head.Length) : wanted <= half ? half : head.Length;
        return stages.RankAsync([new TopDownWindow(At(0, head.Length), head, needed)], Place, cancellationToken);

        int[] Place(IReadOnlyList<int[]> ranked)
        {
            _partition.TakeHead(ranked[0]);
            return _partition.Order;
        }
    }

    private Task<bool> BlocksAsync(CancellationToken cancellationToken)
    {
        var start = _partition.Head.Length;
        var windows = new List<TopDownWindow>();
        foreach (var block in _partition.Blocks)
        {
            // The pivot comes first, as in any window the better one so far: models leave equals as they stand, and those needn't beat it.
            windows.Add(new TopDownWindow(At(start, block.Length), [_partition.Pivot, .. block], block.Length + 1));
            start += block.Length;
        }

        return stages.RankAsync(windows, Place, cancellationToken);

        int[] Place(IReadOnlyList<int[]> ranked)
        {
            _partition.TakeBlocks(ranked);
            return _partition.Order;
        }
    }

    private async Task<bool> HeatsAsync(CancellationToken cancellationToken)
    {
        var size = run.Job.WindowSize;
        var heats = _partition.Pool.Count > size ? _partition.Heats : [];
        if (heats.Count == 0)
            return true;

        stages.Insert(heats.Count);
        var needed = (size + heats.Count - 1) / heats.Count;
        var range = At(0, _partition.Pool.Count);
        var done = new List<int[]>();
        var windows = heats.Select(heat => new TopDownWindow(range, heat, wanted <= size ? needed : heat.Length)).ToArray();
        if (!await stages.RankAsync(windows, Place, cancellationToken).ConfigureAwait(false))
            return false;
        run.Warn($"{_partition.CutOff} candidates beat the pivot but had no place in the last window.");
        return true;

        int[] Place(IReadOnlyList<int[]> ranked)
        {
            done.AddRange(ranked);
            if (done.Count == heats.Count)
                _partition.TakeHeats(done);
            return _partition.Order;
        }
    }

    private Task<bool> PoolAsync(CancellationToken cancellationToken)
    {
        if (_partition.Blocks.Count == 0)
            return Task.FromResult(true);
        var pool = _partition.Pool.ToArray();
        if (pool.Length < 2 || !_partition.HasNewcomers)
        {
            stages.Skip();
            return Task.FromResult(true);
        }

        return stages.RankAsync([new TopDownWindow(At(0, pool.Length), pool, Math.Min(wanted, pool.Length))], Place, cancellationToken);

        int[] Place(IReadOnlyList<int[]> ranked)
        {
            _partition.TakePool(ranked[0]);
            return _partition.Order;
        }
    }

    private WindowRange At(int start, int length) => new(run.Job.RankStart + start, run.Job.RankStart + start + length);
}
