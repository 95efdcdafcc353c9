namespace ReasonRank.Engines.Local;

/// <summary>
/// Decides what a step computes; holds no state and touches no runtime. Every running sequence gets its token every step; prompts share
/// the chunk, first come first served; heads of windows to come take what is left after that. While nobody decodes, prompts fill the batch.
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

        if (decoding == 0)
        {
            Fill(plan, running, chunk, capacity);
            return;
        }
        var prompts = Math.Min(chunk, capacity - plan.RowCount);
        for (var i = 0; i < running.Count && prompts > 0; i++)
        {
            if (!running[i].IsDecoding)
                prompts -= Prefill(plan, running[i], prompts);
        }
        for (var i = 0; i < ahead.Count && prompts > 0; i++)
        {
            if (ahead[i] is { Pending: > 0, Beside: not null })
                prompts -= Prefill(plan, ahead[i], prompts);
        }
    }

    /// <summary>Prompt rows a step may hold behind <paramref name="context"/> computed ones.</summary>
    public static int Shrink(int chunk, int context) =>
        Math.Max(SmallestChunk, (int)((long)chunk * HalfChunkContext / (HalfChunkContext + context)));

    /// <summary>
    /// With nobody to delay, prompts fill the batch, and those that came together begin their completions together: steps in which a few
    /// sequences decode beside the prompts of others cost the more the fewer they are (a tenth of the whole for eight windows on a processor). A
    /// prompt holds back its last row for that, but not for prompts so long that it could have written much of its completion beside them.
    /// </summary>
    private static void Fill(StepPlan plan, IReadOnlyList<Sequence> running, int chunk, int capacity)
    {
        var pending = 0;
        for (var i = 0; i < running.Count; i++)
            pending += running[i].Pending;
        for (var i = 0; i < running.Count && plan.RowCount < capacity; i++)
        {
            var sequence = running[i];
            var missed = (pending - sequence.Pending) / chunk; // tokens it could have beside the others' prompts
            var waits = pending > capacity && missed <= (sequence.Need - sequence.PromptTokens) / 4;
            Add(plan, sequence, Math.Min(waits ? sequence.Pending - 1 : sequence.Pending, capacity - plan.RowCount));
        }
    }

    private static int Prefill(StepPlan plan, TokenRun run, int rows) =>
        Add(plan, run, Math.Min(run.Pending, Math.Min(rows, Shrink(rows, run.Computed))));

    private static int Add(StepPlan plan, TokenRun run, int count)
    {
        if (count > 0)
            plan.Add(run, count);
        return count;
    }
}
