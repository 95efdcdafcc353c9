namespace ReasonRank.LlamaCpp;

/// <summary>Which model to load, where to, and how much of it to run at once. Null means: chosen from the machine and the model.</summary>
public sealed record LlamaCppOptions
{
    /// <summary>A GGUF file; of a split model the first.</summary>
    public required string Path { get; init; }

    /// <summary>The folder of llama.cpp's libraries; by default REASONRANK_LLAMA_DIRECTORY, then llama/ beside the program.</summary>
    public string? LibraryDirectory { get; init; }

    /// <summary>Layers on the GPU, the last ones first; null is all where a GPU backend loads.</summary>
    public int? GpuLayers { get; init; }

    public SplitMode SplitMode { get; init; } = SplitMode.Layer;

    /// <summary>The only GPU with <see cref="SplitMode.None"/>.</summary>
    public int MainGpu { get; init; }

    /// <summary>Shares of the GPUs, in any unit; null shares by free memory.</summary>
    public IReadOnlyList<float>? TensorSplit { get; init; }

    public FlashAttention FlashAttention { get; init; } = FlashAttention.Auto;

    public CacheType CacheTypeK { get; init; } = CacheType.F16;

    /// <summary>A quantized type needs flash attention.</summary>
    public CacheType CacheTypeV { get; init; } = CacheType.F16;

    /// <summary>Sequences that should be able to run at once; null is 4 on a processor, 16 with a GPU.</summary>
    public int? Parallel { get; init; }

    /// <summary>Cells one full window may need, capped by the model's context: 20 passages of 512 tokens, the reasoning and the answer.</summary>
    public int WindowCells { get; init; } = 16_384;

    /// <summary>
    /// Cells of the cache that all sequences share; null is <see cref="Parallel"/> full windows, or fewer where memory is short, but one
    /// at least.
    /// </summary>
    public int? PoolCells { get; init; }

    /// <summary>Rows one decode call may hold.</summary>
    public int BatchRows { get; init; } = 2048;

    /// <summary>Rows computed at once; compute buffers grow with it.</summary>
    public int MicroBatchRows { get; init; } = 512;

    /// <summary>Threads for steps of one row; null is one for each physical core this process may use.</summary>
    public int? Threads { get; init; }

    /// <summary>Threads for steps of several rows; null as for <see cref="Threads"/>.</summary>
    public int? BatchThreads { get; init; }

    /// <summary>Sequence ids, 1 to 256; null leaves as many again as <see cref="Parallel"/>, and 4, for shared prefixes.</summary>
    public int? MaxSequences { get; init; }

    /// <summary>Map the file instead of reading it: it loads at once, and processes share it.</summary>
    public bool UseMmap { get; init; } = true;
}

/// <summary>How several GPUs share a model. The values are llama.cpp's.</summary>
public enum SplitMode
{
    None,
    Layer,
    Row,
}

/// <summary>When to use flash attention. The values are llama.cpp's.</summary>
public enum FlashAttention
{
    /// <summary>Where the device supports it.</summary>
    Auto = -1,
    Off,
    On,
}

#pragma warning disable CA1707 // The names are ggml's, which users write: q8_0.
/// <summary>The number format of the cache. The values are ggml's.</summary>
public enum CacheType
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q5_0 = 6,
    Q5_1 = 7,
    Q8_0 = 8,
    BF16 = 30,
}
#pragma warning restore CA1707
