using System.Diagnostics;
using System.Numerics.Tensors;
using ReasonRank.Engines.Local;

namespace ReasonRank.Benchmarks;

/// <summary>
/// The least that decoding can cost: prompts in full batches, then one row a sequence and step, argmax and nothing else. What our loop is
/// measured against, on the same runtime.
/// </summary>
internal static class BareLoop
{
    /// <summary>Runs all prompts at once; returns the seconds it took.</summary>
    public static double Run(IModelRuntime runtime, int[][] prompts, int output)
    {
        var batch = new TokenBatch(runtime.Info.BatchRows);
        var next = new int[prompts.Length];
        var watch = Stopwatch.StartNew();
        Prefill(runtime, batch, prompts, next);
        for (var step = 1; step < output; step++)
        {
            batch.Clear();
            for (var id = 0; id < prompts.Length; id++)
                batch.Add(next[id], prompts[id].Length + step - 1, id, wantsLogits: true);
            Decode(runtime, batch);
            for (var id = 0; id < prompts.Length; id++)
                next[id] = TensorPrimitives.IndexOfMax(runtime.Logits(id));
        }
        var seconds = watch.Elapsed.TotalSeconds;
        for (var id = 0; id < prompts.Length; id++)
            runtime.SeqRemove(id, 0, -1);
        return seconds;
    }

    /// <summary>Runs batches of the given shapes: the same rows in the same steps, argmax and nothing else. Returns the seconds it took.</summary>
    /// <param name="prompts">By sequence id; what comes after a prompt's end is the bare loop's own.</param>
    public static double Replay(IModelRuntime runtime, int[][] prompts, IReadOnlyList<(int Sequence, int Position, bool WantsLogits)[]> shapes)
    {
        var batch = new TokenBatch(runtime.Info.BatchRows);
        var next = new int[prompts.Length];
        var watch = Stopwatch.StartNew();
        foreach (var rows in shapes)
        {
            batch.Clear();
            foreach (var (id, position, wantsLogits) in rows)
                batch.Add(position < prompts[id].Length ? prompts[id][position] : next[id], position, id, wantsLogits);
            Decode(runtime, batch);
            for (var row = 0; row < rows.Length; row++)
            {
                if (rows[row].WantsLogits)
                    next[rows[row].Sequence] = TensorPrimitives.IndexOfMax(runtime.Logits(row));
            }
        }
        var seconds = watch.Elapsed.TotalSeconds;
        for (var id = 0; id < prompts.Length; id++)
            runtime.SeqRemove(id, 0, -1);
        return seconds;
    }

    private static void Prefill(IModelRuntime runtime, TokenBatch batch, int[][] prompts, int[] next)
    {
        var ends = new List<(int Id, int Row)>();
        for (var id = 0; id < prompts.Length; id++)
        {
            for (var position = 0; position < prompts[id].Length; position++)
            {
                var isLast = position == prompts[id].Length - 1;
                var row = batch.Add(prompts[id][position], position, id, isLast);
                if (isLast)
                    ends.Add((id, row));
                if (batch.Count == batch.Capacity || (isLast && id == prompts.Length - 1))
                    Flush();
            }
        }

        void Flush()
        {
            Decode(runtime, batch);
            foreach (var (id, row) in ends)
                next[id] = TensorPrimitives.IndexOfMax(runtime.Logits(row));
            ends.Clear();
            batch.Clear();
        }
    }

    private static void Decode(IModelRuntime runtime, TokenBatch batch)
    {
        var status = runtime.Decode(batch);
        if (status != DecodeStatus.Ok)
            throw new InvalidOperationException($"The bare loop's batch ended as {status}.");
    }
}
