using ReasonRank.Engines.Local;

namespace ReasonRank.Benchmarks;

/// <summary>A runtime that notes the shape of every batch: its rows' sequences and positions, and which want logits. The runtime isn't its own.</summary>
internal sealed class RecordingRuntime(IModelRuntime runtime) : IModelRuntime
{
    public List<(int Sequence, int Position, bool WantsLogits)[]> Batches { get; } = [];

    public RuntimeInfo Info => runtime.Info;

    public int VocabularySize => runtime.VocabularySize;

    public DecodeStatus Decode(TokenBatch batch)
    {
        var rows = new (int, int, bool)[batch.Count];
        for (var row = 0; row < rows.Length; row++)
            rows[row] = (batch.Sequences[row], batch.Positions[row], batch.WantsLogits[row] == 1);
        Batches.Add(rows);
        return runtime.Decode(batch);
    }

    public ReadOnlySpan<float> Logits(int row) => runtime.Logits(row);

    public bool SeqRemove(int sequence, int from, int to) => runtime.SeqRemove(sequence, from, to);

    public void SeqCopy(int source, int destination, int from, int to) => runtime.SeqCopy(source, destination, from, to);

    public int SeqMaxPos(int sequence) => runtime.SeqMaxPos(sequence);

    public void Abort() => runtime.Abort();

    public int[] Tokenize(string text, bool parseSpecial) => runtime.Tokenize(text, parseSpecial);

    public int TokenPiece(int token, Span<byte> destination) => runtime.TokenPiece(token, destination);

    public bool IsControl(int token) => runtime.IsControl(token);

    public bool IsEndOfGeneration(int token) => runtime.IsEndOfGeneration(token);

    public void Dispose()
    {
    }
}
