using System.Diagnostics;
using ReasonRank.Engines.Local;

namespace ReasonRank.Benchmarks;

/// <summary>
/// The least that decoding can cost: <c>llama_decode</c>, the likeliest token of each row that asks, and nothing else. What our loop is measured
/// against.
/// </summary>
/// <param name="prompts">By sequence id; what comes after a prompt's end is the bare loop's own.</param>
internal sealed class BareLoop(IModelRuntime runtime, int[][] prompts)
{
    private readonly TokenBatch _batch = new(runtime.Info.BatchRows);
    private readonly int[] _next = new int[prompts.Length];

    /// <summary>Runs all prompts at once, in full batches, then a row a sequence and step; returns the seconds it took.</summary>
    public double Run(int output)
    {
        var watch = Stopwatch.StartNew();
        Prefill();
        for (var step = 1; step < output; step++)
        {
            for (var id = 0; id < prompts.Length; id++)
                Add(id, prompts[id].Length + step - 1, wantsLogits: true);
            Flush();
        }
        var seconds = watch.Elapsed.TotalSeconds;
        for (var id = 0; id < prompts.Length; id++)
            runtime.SeqRemove(id, 0, -1);
        return seconds;
    }

    /// <summary>One step with the rows of another loop's.</summary>
    public void Step(ReadOnlySpan<int> sequences, ReadOnlySpan<int> positions, ReadOnlySpan<byte> wantsLogits)
    {
        for (var row = 0; row < sequences.Length; row++)
            Add(sequences[row], positions[row], wantsLogits[row] == 1);
        Flush();
    }

    private void Prefill()
    {
        for (var id = 0; id < prompts.Length; id++)
        {
            for (var position = 0; position < prompts[id].Length; position++)
            {
                Add(id, position, wantsLogits: position == prompts[id].Length - 1);
                if (_batch.Count == _batch.Capacity)
                    Flush();
            }
        }
        Flush();
    }

    private void Add(int id, int position, bool wantsLogits) =>
        _batch.Add(position < prompts[id].Length ? prompts[id][position] : _next[id], position, id, wantsLogits);

    private void Flush()
    {
        if (_batch.Count == 0)
            return;
        var status = runtime.Decode(_batch);
        if (status != DecodeStatus.Ok)
            throw new InvalidOperationException($"The bare loop's batch ended as {status}.");
        for (var row = 0; row < _batch.Count; row++)
        {
            if (_batch.WantsLogits[row] == 1)
                _next[_batch.Sequences[row]] = TokenSampler.Likeliest(runtime.Logits(row));
        }
        _batch.Clear();
    }
}
