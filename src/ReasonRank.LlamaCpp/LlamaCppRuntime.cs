using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp.Gguf;
using ReasonRank.LlamaCpp.Native;

namespace ReasonRank.LlamaCpp;

/// <summary>One model in one llama.cpp context with one cache for all sequences.</summary>
public sealed unsafe partial class LlamaCppRuntime : IModelRuntime
{
    private readonly ILogger _logger;
    private readonly LlamaVocabulary _vocabulary;
    private readonly ContextHandle _context;
    private readonly nint _memory;
    private readonly NativeBatch _batch;
    private readonly BatchRules _rules;
    private readonly AbortFlag _abort;
    private readonly Lock _abortGate = new();
    private bool _disposed;

    private LlamaCppRuntime(LlamaVocabulary vocabulary, ContextHandle context, AbortFlag abort, RuntimeInfo info, int parallel, ILogger logger)
    {
        _logger = logger;
        _vocabulary = vocabulary;
        _context = context;
        _memory = LlamaApi.llama_get_memory(context);
        _abort = abort;
        Info = info;
        Parallel = parallel;
        _batch = new NativeBatch(info.BatchRows);
        _rules = new BatchRules(
            vocabulary.VocabularySize,
            info.BatchRows,
            info.MaxSequences,
            Math.Min(info.TrainedContext, info.PoolCells),
            sequence => LlamaApi.llama_memory_seq_pos_max(_memory, sequence));
    }

    public RuntimeInfo Info { get; }

    /// <summary><see cref="LlamaCppOptions.Parallel"/>, or what was chosen for it.</summary>
    public int Parallel { get; }

    public int VocabularySize => _vocabulary.VocabularySize;

    /// <summary>Loads a model; takes seconds to minutes. llama.cpp's own log goes to <paramref name="logger"/> for the process's life.</summary>
    /// <exception cref="ModelLoadException">The file can't be served; says why. Nothing was loaded when it doesn't fit into memory.</exception>
    /// <exception cref="LlamaLibraryException">llama.cpp's libraries are missing or of another release.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static LlamaCppRuntime Load(LlamaCppOptions options, ILogger? logger = null) => Load(options, logger, HostMemory.Read());

    internal static LlamaCppRuntime Load(LlamaCppOptions options, ILogger? logger, HostMemory memory)
    {
        logger ??= NullLogger.Instance;
        LlamaLibrary.Load(options.LibraryDirectory, logger);
        var gpus = options.GpuLayers is 0 ? [] : Devices.Gpus();
        var settings = ContextSettings.From(options, gpus.Count > 0);
        var file = ModelFile.Open(options.Path);
        ModelKind.RequireGenerative(file);
        var shape = ModelShape.Of(file);
        settings.RequireCacheFor(file, shape);
        var plan = MemoryPlan.For(file, shape, options, settings.Parallel, settings.MaxSequences, memory, gpus);

        ModelHandle? model = null;
        ContextHandle? context = null;
        var abort = new AbortFlag();
        try
        {
            model = LoadModel(options);
            ModelTraits.RequireDecoder(options.Path, model);
            context = ModelLoader.CreateContext(options.Path, model, settings.Parameters(plan.PoolCells, abort));
            var vocabulary = new LlamaVocabulary(model);
            var info = Describe(file, vocabulary, model, context, settings, gpus);
            Loaded(logger, info.Model, info.Description);
            return new LlamaCppRuntime(vocabulary, context, abort, info, settings.Parallel, logger);
        }
        catch
        {
            context?.Dispose();
            model?.Dispose();
            abort.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public DecodeStatus Decode(TokenBatch batch)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_rules.FindFault(batch) is { } fault)
        {
            RefusedBatch(_logger, fault);
            return DecodeStatus.InvalidBatch;
        }
        _abort.Lower();
        return _batch.Decode(_context, batch) switch
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
        var logits = LlamaApi.llama_get_logits_ith(_context, row);
        return logits is not null
            ? new ReadOnlySpan<float>(logits, VocabularySize)
            : throw new ArgumentOutOfRangeException(nameof(row), row, "The last decode left no logits for this row.");
    }

    /// <inheritdoc/>
    public bool SeqRemove(int sequence, int from, int to)
    {
        Check(sequence);
        return LlamaApi.llama_memory_seq_rm(_memory, sequence, from, to);
    }

    /// <inheritdoc/>
    public void SeqCopy(int source, int destination, int from, int to)
    {
        Check(source);
        if (SeqMaxPos(destination) >= 0)
            throw new ArgumentException($"Sequence {destination} isn't empty.", nameof(destination));
        LlamaApi.llama_memory_seq_cp(_memory, source, destination, from, to);
    }

    /// <inheritdoc/>
    public int SeqMaxPos(int sequence)
    {
        Check(sequence);
        return LlamaApi.llama_memory_seq_pos_max(_memory, sequence);
    }

    /// <inheritdoc/>
    public void Abort()
    {
        // Another thread may dispose meanwhile.
        lock (_abortGate)
        {
            if (!_disposed)
                _abort.Raise();
        }
    }

    /// <inheritdoc/>
    public int[] Tokenize(string text, bool parseSpecial) => _vocabulary.Tokenize(text, parseSpecial);

    /// <inheritdoc/>
    public int TokenPiece(int token, Span<byte> destination) => _vocabulary.TokenPiece(token, destination);

    /// <inheritdoc/>
    public bool IsControl(int token) => _vocabulary.IsControl(token);

    /// <inheritdoc/>
    public bool IsEndOfGeneration(int token) => _vocabulary.IsEndOfGeneration(token);

    public void Dispose()
    {
        lock (_abortGate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        _context.Dispose();
        _vocabulary.Dispose();
        _batch.Dispose();
        _abort.Dispose();
    }

    private void Check(int sequence)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, Info.MaxSequences);
    }

    private static ModelHandle LoadModel(LlamaCppOptions options)
    {
        // llama.cpp reads one share for each device it could ever have.
        var shares = new float[128];
        options.TensorSplit?.ToArray().CopyTo(shares, 0);
        var parameters = LlamaApi.llama_model_default_params();
        parameters.n_gpu_layers = options.GpuLayers ?? -1;
        parameters.split_mode = (int)options.SplitMode;
        parameters.main_gpu = options.MainGpu;
        parameters.load_mode = options.UseMmap ? 1 : 0;
        fixed (float* split = shares)
        {
            parameters.tensor_split = options.TensorSplit is null ? null : split;
            return ModelLoader.Load(options.Path, parameters);
        }
    }

    private static RuntimeInfo Describe(
        ModelFile file, LlamaVocabulary vocabulary, ModelHandle model, ContextHandle context, ContextSettings settings, IReadOnlyList<Device> gpus)
    {
        var pool = (int)LlamaApi.llama_n_ctx(context);
        var devices = gpus.Count > 0 ? gpus : Devices.All();
        return new RuntimeInfo
        {
            Model = vocabulary.Metadata.GetValueOrDefault("general.name") is { Length: > 0 } name ? name : Path.GetFileNameWithoutExtension(file.Path),
            Architecture = file.Architecture,
            Metadata = vocabulary.Metadata,
            PoolCells = pool,
            BatchRows = (int)LlamaApi.llama_n_batch(context),
            MaxSequences = (int)LlamaApi.llama_n_seq_max(context),
            TrainedContext = LlamaApi.llama_model_n_ctx_train(model),
            Description = $"llama.cpp {LlamaLibrary.Release} on {string.Join(", ", devices.Select(device => device.Description))}; " +
                $"weights {MemoryEstimate.Size(file.WeightBytes)}; {settings}; cache of {pool} cells",
        };
    }

    [LoggerMessage(LogLevel.Information, "Loaded {Model}: {Description}")]
    private static partial void Loaded(ILogger logger, string model, string description);

    [LoggerMessage(LogLevel.Error, "Refused a batch: {Fault}")]
    private static partial void RefusedBatch(ILogger logger, string fault);
}
