using System.ComponentModel.DataAnnotations;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;

namespace ReasonRank.Service.Hosting;

/// <summary>How the model runs; section <c>ReasonRank:Engine</c>. What is left out is chosen from the machine and the model, and logged.</summary>
internal sealed class EngineSection
{
    /// <summary>Generations decoded at once, 1 to 64; at most <see cref="Batch"/>. Default: 4 on a processor, 16 with a GPU.</summary>
    [Range(1, 64)]
    public int? Parallel { get; set; }

    /// <summary>Cells of the cache, shared by all generations. Default: <see cref="Parallel"/> full windows, as far as memory allows.</summary>
    [Range(256, 1 << 26)]
    public int? PoolCells { get; set; }

    /// <summary>Rows of one decode call, 32 to 65,536. Default 2,048.</summary>
    [Range(32, 65_536)]
    public int Batch { get; set; } = 2_048;

    /// <summary>Rows computed at once, 32 to 65,536; at most <see cref="Batch"/>. Default 512.</summary>
    [Range(32, 65_536)]
    public int Ubatch { get; set; } = 512;

    /// <summary>Threads for decoding, 1 to 512. Default: the physical cores.</summary>
    [Range(1, 512)]
    public int? Threads { get; set; }

    /// <summary>Threads for prompts, 1 to 512. Default: as for <see cref="Threads"/>.</summary>
    [Range(1, 512)]
    public int? ThreadsBatch { get; set; }

    /// <summary>Layers on the GPU, 0 to 10,000. Default: all when a GPU backend loads.</summary>
    [Range(0, 10_000)]
    public int? GpuLayers { get; set; }

    /// <summary>None, Layer or Row. Default Layer.</summary>
    public SplitMode SplitMode { get; set; } = SplitMode.Layer;

    /// <summary>The only GPU with <see cref="SplitMode"/> None, 0 to 63. Default 0.</summary>
    [Range(0, 63)]
    public int MainGpu { get; set; }

    /// <summary>Auto, Off or On. Default Auto: where the device supports it.</summary>
    public FlashAttention FlashAttention { get; set; } = FlashAttention.Auto;

    /// <summary>F32, F16, BF16, Q8_0, Q5_1, Q5_0, Q4_1 or Q4_0. Default F16.</summary>
    public CacheType CacheTypeK { get; set; } = CacheType.F16;

    /// <summary>As <see cref="CacheTypeK"/>; a quantized one needs flash attention.</summary>
    public CacheType CacheTypeV { get; set; } = CacheType.F16;

    /// <summary>Prompt rows beside running generations in one step, 16 to 65,536. Default 256.</summary>
    [Range(16, 65_536)]
    public int PrefillChunk { get; set; } = 256;

    /// <summary>Puts in what an answer leaves no choice about, without steps of its own. Default true.</summary>
    public bool JumpForward { get; set; } = true;

    /// <summary>Lets prompts share the cells of a common head. Default true.</summary>
    public bool SharePrefixes { get; set; } = true;

    /// <summary>Cells that shared heads may hold while nobody uses them, as a share of the pool, 0 to 1. Default 0.1.</summary>
    [Range(0.0, 1.0)]
    public double IdlePrefixShare { get; set; } = 0.1;

    public LlamaCppOptions ForRuntime(string modelPath) => new()
    {
        Path = modelPath,
        Parallel = Parallel,
        PoolCells = PoolCells,
        BatchRows = Batch,
        MicroBatchRows = Ubatch,
        Threads = Threads,
        BatchThreads = ThreadsBatch,
        GpuLayers = GpuLayers,
        SplitMode = SplitMode,
        MainGpu = MainGpu,
        FlashAttention = FlashAttention,
        CacheTypeK = CacheTypeK,
        CacheTypeV = CacheTypeV,
    };

    /// <param name="parallel">What the runtime made of <see cref="Parallel"/>.</param>
    public EngineOptions ForEngine(int parallel) => new()
    {
        Parallel = parallel,
        PrefillChunk = PrefillChunk,
        JumpForward = JumpForward,
        SharePrefixes = SharePrefixes,
        IdlePrefixShare = IdlePrefixShare,
    };
}
