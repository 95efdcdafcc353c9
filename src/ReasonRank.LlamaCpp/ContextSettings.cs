using ReasonRank.LlamaCpp.Gguf;
using ReasonRank.LlamaCpp.Native;

namespace ReasonRank.LlamaCpp;

/// <summary>The options with everything chosen that was left open.</summary>
internal sealed unsafe record ContextSettings(LlamaCppOptions Options, int Parallel, int MaxSequences, int Threads, int BatchThreads)
{
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static ContextSettings From(LlamaCppOptions options, bool onGpu)
    {
        var parallel = Within(options.Parallel ?? (onGpu ? 16 : 4), 1, 256, nameof(options.Parallel));
        Within(options.BatchRows, 1, 1 << 20, nameof(options.BatchRows));
        Within(options.MicroBatchRows, 1, 1 << 20, nameof(options.MicroBatchRows));
        Within(options.WindowCells, 1, 1 << 30, nameof(options.WindowCells));
        Within(options.PoolCells ?? 1, 1, 1 << 30, nameof(options.PoolCells));
        Within(options.GpuLayers ?? 0, 0, 1 << 20, nameof(options.GpuLayers));
        Within(options.MainGpu, 0, 127, nameof(options.MainGpu));
        Within(options.TensorSplit?.Count ?? 1, 1, 128, nameof(options.TensorSplit));
        if (options.FlashAttention == FlashAttention.Off && options.CacheTypeV is not (CacheType.F32 or CacheType.F16 or CacheType.BF16))
            throw new ArgumentException($"CacheTypeV {options.CacheTypeV} needs flash attention, which is off.", nameof(options));
        return new ContextSettings(
            options,
            parallel,
            MaxSequences: Within(options.MaxSequences ?? Math.Min((2 * parallel) + 4, 256), 1, 256, nameof(options.MaxSequences)),
            Threads: Within(options.Threads ?? PhysicalCores.Count(), 1, 512, nameof(options.Threads)),
            BatchThreads: Within(options.BatchThreads ?? options.Threads ?? PhysicalCores.Count(), 1, 512, nameof(options.BatchThreads)));
    }

    /// <exception cref="ModelLoadException">The model's heads are too small for a quantized cache.</exception>
    public void RequireCacheFor(ModelFile file, ModelShape shape)
    {
        Require("CacheTypeK", Options.CacheTypeK);
        Require("CacheTypeV", Options.CacheTypeV);

        void Require(string option, CacheType type)
        {
            if (type is not (CacheType.F32 or CacheType.F16 or CacheType.BF16) && shape.HeadLength % 32 != 0)
                throw new ModelLoadException(file.Path, $"has heads of {shape.HeadLength} elements: {option} {type} packs 32 at a time, so use F16.");
        }
    }

    public llama_context_params Parameters(int poolCells, AbortFlag abort)
    {
        var parameters = LlamaApi.llama_context_default_params();
        parameters.n_ctx = (uint)poolCells;
        parameters.n_batch = (uint)Math.Min(Options.BatchRows, poolCells);
        parameters.n_ubatch = (uint)Math.Min(Options.MicroBatchRows, poolCells);
        parameters.n_seq_max = (uint)MaxSequences;
        // The default reserves logits for every row: 300 MB for a vocabulary of 150,000.
        parameters.n_outputs_max = (uint)MaxSequences;
        parameters.n_threads = Threads;
        parameters.n_threads_batch = BatchThreads;
        parameters.flash_attn_type = (int)Options.FlashAttention;
        parameters.type_k = (int)Options.CacheTypeK;
        parameters.type_v = (int)Options.CacheTypeV;
        parameters.abort_callback = AbortFlag.Callback;
        parameters.abort_callback_data = abort.Address;
        parameters.embeddings = 0;
        // One pool for all sequences, and one micro-batch for a mixed step; divided, copying part of a sequence ends the process.
        parameters.kv_unified = 1;
        return parameters;
    }

    public override string ToString() =>
        $"{Threads} threads, {BatchThreads} for prompts; {MaxSequences} sequences, {Parallel} at once; " +
        $"flash attention {Options.FlashAttention}; keys {Options.CacheTypeK}, values {Options.CacheTypeV}";

    private static int Within(int value, int least, int most, string option) => value >= least && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(option, value, $"{option} must be {least} to {most}.");
}
