namespace ReasonRank.Engines.Local;

/// <summary>
/// Decides what a step computes; holds no state and touches no runtime. Every running sequence gets its token every step; prompts share
/// what the chunk leaves, first come first served; heads of windows to come take what is left after that.
/// </summary>
internal static class Scheduler
{
    /// <summary>At this many cells behind it a prompt's rows cost about twice as much as at the start: its chunk is halved.</summary>
    private const int HalfChunkContext = 4096;

    public const int SmallestChunk = 16;

    /// <param name="running">Admitted sequences in order of admission.</param>
    /// <param name="ahead">Heads that may be prefilled early, in order of age.</param>
    /// <param name="chunk">Prompt rows beside running sequences.</param>
    /// <param name="capacity">Rows a batch holds; at least one for each running sequence.</param>
    public static void Plan(StepPlan plan, IReadOnlyList<Sequence> running, IReadOnlyList<Prefix> ahead, int chunk, int capacity)
    {
        plan.Clear();
        var decoding = 0;
        for (var i = 0; i < running.Count; i++)
            decoding += running[i].IsDecoding ? 1 : 0;

        var waiting = decoding;
        for (var i = 0; i < running.Count; i++)
        {
            if (!running[i].IsDecoding)
                continue;
            waiting--; // the others keep a row each
            plan.Add(running[i], Math.Min(running[i].Pending, capacity - plan.RowCount - waiting));
        }

        // With nobody to delay, a prompt may fill the batch.
        var prompts = decoding == 0 ? capacity : Math.Min(chunk, capacity - plan.RowCount);
        for (var i = 0; i < running.Count && prompts > 0; i++)
        {
            if (!running[i].IsDecoding)
                prompts -= Prefill(plan, running[i], prompts, shrink: decoding > 0);
        }
        for (var i = 0; i < ahead.Count && prompts > 0 && decoding > 0; i++)
        {
            if (ahead[i] is { Pending: > 0, Beside: not null })
                prompts -= Prefill(plan, ahead[i], prompts, shrink: true);
        }
    }

    /// <summary>Prompt rows a step may hold behind <paramref name="context"/> computed ones.</summary>
    public static int Shrink(int chunk, int context) =>
        Math.Max(SmallestChunk, (int)((long)chunk * HalfChunkContext / (HalfChunkContext + context)));

    private static int Prefill(StepPlan plan, TokenRun run, int rows, bool shrink)
    {
        var allowed = shrink ? Math.Min(rows, Shrink(rows, run.Computed)) : rows;
        var count = Math.Min(run.Pending, allowed);
        if (count > 0)
            plan.Add(run, count);
        return count;
    }
}
