using LLama.Native;

namespace ReasonRank.LlamaSharp;

/// <summary>Which model to load through LLamaSharp, and how much of it to run at once.</summary>
public sealed record LlamaSharpOptions
{
    /// <summary>A GGUF file.</summary>
    public required string Path { get; init; }

    /// <summary>Cells of the cache that all sequences share.</summary>
    public int PoolCells { get; init; } = 16_384;

    /// <summary>Rows one decode call may hold.</summary>
    public int BatchRows { get; init; } = 512;

    /// <summary>Rows computed at once.</summary>
    public int MicroBatchRows { get; init; } = 512;

    /// <summary>Sequence ids, 1 to 256.</summary>
    public int MaxSequences { get; init; } = 12;

    public int Threads { get; init; } = 4;

    /// <summary>Layers on the GPU, the last ones first.</summary>
    public int GpuLayers { get; init; }

    /// <summary>Null where the device supports it.</summary>
    public bool? FlashAttention { get; init; }

    public GGMLType CacheTypeK { get; init; } = GGMLType.GGML_TYPE_F16;

    /// <summary>A quantized type needs flash attention.</summary>
    public GGMLType CacheTypeV { get; init; } = GGMLType.GGML_TYPE_F16;
}
