using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using LLama;
using LLama.Common;
using LLama.Exceptions;
using LLama.Native;
using ReasonRank.Engines.Local;

namespace ReasonRank.LlamaSharp;

/// <summary>One model in one context of LLamaSharp, through its low-level classes: its own batching isn't used.</summary>
public sealed unsafe class LlamaSharpRuntime : IModelRuntime
{
    private readonly LLamaWeights _weights;
    private readonly LLamaContext _context;
    private readonly SafeLLamaContextHandle _handle;
    private readonly LLamaBatch _batch = new();
    private readonly BatchRules _rules;
    private readonly int* _abort;
    private readonly Lock _abortGate = new();
    private bool _disposed;

    private LlamaSharpRuntime(LlamaSharpOptions options, LLamaWeights weights, LLamaContext context)
    {
        _weights = weights;
        _context = context;
        _handle = context.NativeHandle;
        _abort = (int*)NativeMemory.AllocZeroed(sizeof(int));
        NativeApi.llama_set_abort_callback(_handle, (nint)(delegate* unmanaged[Cdecl]<nint, byte>)&IsRaised, (nint)_abort);
        VocabularySize = weights.Vocab.Count;
        Info = new RuntimeInfo
        {
            Model = weights.Metadata.GetValueOrDefault("general.name") is { Length: > 0 } name ? name : Path.GetFileNameWithoutExtension(options.Path),
            Architecture = weights.Metadata.GetValueOrDefault("general.architecture", ""),
            Metadata = weights.Metadata,
            PoolCells = (int)_handle.ContextSize,
            BatchRows = (int)_handle.BatchSize,
            MaxSequences = options.MaxSequences,
            TrainedContext = weights.ContextSize,
            Description = $"LLamaSharp {typeof(LLamaWeights).Assembly.GetName().Version}; {options.Threads} threads; cache of {_handle.ContextSize} cells",
        };
        _rules = new BatchRules(
            VocabularySize, Info.BatchRows, Info.MaxSequences, Math.Min(Info.TrainedContext, Info.PoolCells), LastPosition);
    }

    public RuntimeInfo Info { get; }

    public int VocabularySize { get; }

    /// <exception cref="InvalidOperationException">LLamaSharp or llama.cpp refused the model or the options.</exception>
    public static LlamaSharpRuntime Load(LlamaSharpOptions options)
    {
        var parameters = new ModelParams(options.Path)
        {
            ContextSize = (uint)options.PoolCells,
            BatchSize = (uint)Math.Min(options.BatchRows, options.PoolCells),
            UBatchSize = (uint)Math.Min(options.MicroBatchRows, options.PoolCells),
            SeqMax = (uint)options.MaxSequences,
            Threads = options.Threads,
            BatchThreads = options.Threads,
            GpuLayerCount = options.GpuLayers,
            FlashAttention = options.FlashAttention,
            TypeK = options.CacheTypeK,
            TypeV = options.CacheTypeV,
            KVUnified = true,
        };
        var weights = LoadWeights(parameters);
        var context = weights.CreateContext(parameters);
        if (!context.NativeHandle.IsInvalid)
            return new LlamaSharpRuntime(options, weights, context);
        // LLamaSharp doesn't see the null pointer, and freeing it would crash.
        context.NativeHandle.SetHandleAsInvalid();
        weights.Dispose();
        throw new InvalidOperationException($"llama.cpp can't run '{options.Path}' with these options.");
    }

    /// <inheritdoc/>
    public DecodeStatus Decode(TokenBatch batch)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_rules.FindFault(batch) is not null)
            return DecodeStatus.InvalidBatch;
        _batch.Clear();
        Span<LLamaSeqId> sequence = stackalloc LLamaSeqId[1];
        for (var i = 0; i < batch.Count; i++)
        {
            sequence[0] = (LLamaSeqId)batch.Sequences[i];
            _batch.Add(batch.Tokens[i], batch.Positions[i], sequence, batch.WantsLogits[i] != 0);
        }
        Volatile.Write(ref *_abort, 0);
        // Takes LLamaSharp's lock, which is one for all models of the process.
        return (int)_handle.Decode(_batch) switch
        {
            0 => DecodeStatus.Ok,
            1 => DecodeStatus.NoCells,
            2 => DecodeStatus.Aborted,
            -1 => DecodeStatus.InvalidBatch,
            _ => DecodeStatus.Failed,
        };
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits(int row)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        return _handle.GetLogitsIth(row);
    }

    /// <inheritdoc/>
    public bool SeqRemove(int sequence, int from, int to)
    {
        Check(sequence);
        _handle.MemorySequenceRemove((LLamaSeqId)sequence, from, to);
        // LLamaSharp drops the call's result: what's left tells.
        return to >= 0 || LastPosition(sequence) < Math.Max(from, 0);
    }

    /// <inheritdoc/>
    public void SeqCopy(int source, int destination, int from, int to)
    {
        Check(source);
        if (SeqMaxPos(destination) >= 0)
            throw new ArgumentException($"Sequence {destination} isn't empty.", nameof(destination));
        _handle.MemorySequenceCopy((LLamaSeqId)source, (LLamaSeqId)destination, from, to);
    }

    /// <inheritdoc/>
    public int SeqMaxPos(int sequence)
    {
        Check(sequence);
        return LastPosition(sequence);
    }

    /// <inheritdoc/>
    public void Abort()
    {
        lock (_abortGate)
        {
            if (!_disposed)
                Volatile.Write(ref *_abort, 1);
        }
    }

    /// <inheritdoc/>
    public int[] Tokenize(string text, bool parseSpecial) =>
        MemoryMarshal.Cast<LLamaToken, int>(_weights.Tokenize(text, add_bos: false, parseSpecial, Encoding.UTF8)).ToArray();

    /// <inheritdoc/>
    public int TokenPiece(int token, Span<byte> destination)
    {
        CheckToken(token);
        var length = (int)_weights.NativeHandle.TokenToSpan(token, destination, lstrip: 0, special: true);
        return length <= destination.Length ? length : -length;
    }

    /// <inheritdoc/>
    public bool IsControl(int token)
    {
        CheckToken(token);
        return ((LLamaToken)token).IsControl(_weights.Vocab);
    }

    /// <inheritdoc/>
    public bool IsEndOfGeneration(int token)
    {
        CheckToken(token);
        return ((LLamaToken)token).IsEndOfGeneration(_weights.Vocab);
    }

    public void Dispose()
    {
        lock (_abortGate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        _context.Dispose();
        _weights.Dispose();
        NativeMemory.Free(_abort);
    }

    private static LLamaWeights LoadWeights(ModelParams parameters)
    {
        try
        {
            return LLamaWeights.LoadFromFile(parameters);
        }
        catch (Exception error) when (error is LoadWeightsFailedException or IOException or InvalidOperationException)
        {
            throw new InvalidOperationException($"LLamaSharp can't load '{parameters.ModelPath}': {error.Message}", error);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte IsRaised(nint flag) => (byte)Volatile.Read(ref *(int*)flag);

    private int LastPosition(int sequence) => _handle.MemorySequenceMaxPosition((LLamaSeqId)sequence).Value;

    private void Check(int sequence)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, Info.MaxSequences);
    }

    private void CheckToken(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, VocabularySize);
    }
}
