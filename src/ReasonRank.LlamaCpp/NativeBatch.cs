using System.Runtime.InteropServices;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp.Native;

namespace ReasonRank.LlamaCpp;

/// <summary>
/// Hands a <see cref="TokenBatch"/> to llama.cpp without allocating. Its table of pointers to sequence ids points into a column
/// that never moves, so it's built once; the other columns are pinned for the call.
/// </summary>
internal sealed unsafe class NativeBatch : IDisposable
{
    private readonly int* _counts;
    private readonly int* _sequences;
    private readonly int** _pointers;
    private readonly int _rows;

    public NativeBatch(int rows)
    {
        _rows = rows;
        _counts = (int*)NativeMemory.Alloc((nuint)rows, sizeof(int));
        _sequences = (int*)NativeMemory.Alloc((nuint)rows, sizeof(int));
        _pointers = (int**)NativeMemory.Alloc((nuint)rows, (nuint)sizeof(int*));
        for (var i = 0; i < rows; i++)
        {
            _counts[i] = 1;
            _pointers[i] = _sequences + i;
        }
    }

    /// <summary>llama_decode's status.</summary>
    public int Decode(ContextHandle context, TokenBatch batch)
    {
        batch.Sequences.CopyTo(new Span<int>(_sequences, _rows));
        fixed (int* tokens = batch.Tokens, positions = batch.Positions)
        fixed (byte* logits = batch.WantsLogits)
        {
            return LlamaApi.llama_decode(context, new llama_batch
            {
                n_tokens = batch.Count,
                token = tokens,
                pos = positions,
                n_seq_id = _counts,
                seq_id = _pointers,
                logits = logits,
            });
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_counts);
        NativeMemory.Free(_sequences);
        NativeMemory.Free(_pointers);
    }
}
