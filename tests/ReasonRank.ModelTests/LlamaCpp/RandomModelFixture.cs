using ReasonRank.LlamaCpp;
using ReasonRank.TestSupport.Gguf;

namespace ReasonRank.ModelTests.LlamaCpp;

/// <summary>A random model, loaded once for the tests of a class, in the setting in which batching changes no result.</summary>
public abstract class RandomModelFixture : IDisposable
{
    private readonly TemporaryFile _file;

    private protected RandomModelFixture(RandomModel model)
    {
        _file = TemporaryFile.With(model.WriteTo);
        Runtime = LlamaCppRuntime.Load(Exact(_file.Path));
    }

    public LlamaCppRuntime Runtime { get; }

    public string Path => _file.Path;

    /// <summary>F32 throughout, one thread, no flash attention.</summary>
    public static LlamaCppOptions Exact(string path) => new()
    {
        Path = path,
        GpuLayers = 0,
        CacheTypeK = CacheType.F32,
        CacheTypeV = CacheType.F32,
        FlashAttention = FlashAttention.Off,
        Threads = 1,
        PoolCells = 1024,
        BatchRows = 64,
        MicroBatchRows = 64,
        MaxSequences = 8,
    };

    public void Dispose()
    {
        Runtime.Dispose();
        _file.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class RandomQwen2Fixture() : RandomModelFixture(new RandomModel { Context = 768 });

public sealed class RandomQwen3Fixture() : RandomModelFixture(new RandomModel { Architecture = "qwen3", Context = 768, IsTied = true, TwoDigitIds = true, ThinkTokens = true });
