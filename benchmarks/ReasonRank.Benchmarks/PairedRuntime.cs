using System.Diagnostics;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;

namespace ReasonRank.Benchmarks;

/// <summary>
/// A runtime that has a <see cref="BareLoop"/> make every step too, on a context of its own, right before ours or right after it: a shared
/// machine is seldom as fast for long, and from one step to the next it nearly is. Owns both.
/// </summary>
internal sealed class PairedRuntime(LlamaCppRuntime ours, LlamaCppRuntime bare, int[][] prompts) : IModelRuntime
{
    private readonly BareLoop _bare = new(bare, prompts);

    /// <summary>Seconds that the bare loop took.</summary>
    public double BareSeconds { get; private set; }

    public int Steps { get; private set; }

    public RuntimeInfo Info => ours.Info;

    public int VocabularySize => ours.VocabularySize;

    /// <summary>Both begin to count anew.</summary>
    public void Begin() => (BareSeconds, Steps) = (0, 0);

    public DecodeStatus Decode(TokenBatch batch)
    {
        var isBareFirst = Steps++ % 2 == 1;
        if (isBareFirst)
            StepBare(batch);
        var status = ours.Decode(batch);
        if (!isBareFirst)
            StepBare(batch);
        return status;
    }

    public ReadOnlySpan<float> Logits(int row) => ours.Logits(row);

    public bool SeqRemove(int sequence, int from, int to)
    {
        bare.SeqRemove(sequence, from, to);
        return ours.SeqRemove(sequence, from, to);
    }

    public void SeqCopy(int source, int destination, int from, int to) => throw new NotSupportedException("Levers are off: nothing is shared.");

    public int SeqMaxPos(int sequence) => ours.SeqMaxPos(sequence);

    public void Abort() => ours.Abort();

    public int[] Tokenize(string text, bool parseSpecial) => ours.Tokenize(text, parseSpecial);

    public int TokenPiece(int token, Span<byte> destination) => ours.TokenPiece(token, destination);

    public bool IsControl(int token) => ours.IsControl(token);

    public bool IsEndOfGeneration(int token) => ours.IsEndOfGeneration(token);

    public void Dispose()
    {
        ours.Dispose();
        bare.Dispose();
    }

    private void StepBare(TokenBatch batch)
    {
        var watch = Stopwatch.StartNew();
        _bare.Step(batch.Sequences, batch.Positions, batch.WantsLogits);
        BareSeconds += watch.Elapsed.TotalSeconds;
    }
}
