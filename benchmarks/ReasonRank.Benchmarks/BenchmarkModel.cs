using Microsoft.Extensions.Logging;
using ReasonRank.LlamaCpp;
using ReasonRank.TestSupport.Gguf;

namespace ReasonRank.Benchmarks;

/// <summary>The model that a benchmark runs on: the one named, or a random one of a shape, written once.</summary>
internal static class BenchmarkModel
{
    public static LlamaCppRuntime Load(BenchmarkArguments arguments, int parallel, int windowCells, int maxSequences)
    {
        var logs = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Error).AddSimpleConsole());
        return LlamaCppRuntime.Load(
            new LlamaCppOptions
            {
                Path = Path(arguments),
                Parallel = parallel,
                PoolCells = parallel * windowCells,
                MaxSequences = maxSequences,
                BatchRows = arguments.Number("batch", 512),
                MicroBatchRows = arguments.Number("ubatch", 512),
                Threads = arguments.Number("threads", 2),
                BatchThreads = arguments.Number("threads", 2),
                GpuLayers = arguments.Has("gpu-layers") ? arguments.Number("gpu-layers", 0) : null,
                FlashAttention = Enum.Parse<FlashAttention>(arguments.Text("flash-attention", "auto"), ignoreCase: true),
                CacheTypeK = Enum.Parse<CacheType>(arguments.Text("cache-type", "f16"), ignoreCase: true),
                CacheTypeV = Enum.Parse<CacheType>(arguments.Text("cache-type", "f16"), ignoreCase: true),
            },
            logs.CreateLogger("llama.cpp"));
    }

    public static string Path(BenchmarkArguments arguments)
    {
        if (arguments.Has("model"))
            return arguments.Text("model", "");
        var shape = arguments.Text("shape", "102m");
        var model = shape switch
        {
            "102m" => RandomModel.Of102M,
            "7b" => RandomModel.Of7B,
            "small" => new RandomModel { Layers = 4, Embedding = 128, Heads = 4, KeyValueHeads = 2, FeedForward = 384, Context = 16_384 },
            _ => throw new ArgumentException($"--shape is 102m, 7b or small, not {shape}."),
        };
        var path = System.IO.Path.Combine(PerformanceDocument.Root(), "artifacts", $"random-{shape}.gguf");
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            Console.Error.WriteLine($"writing {path}");
            model.WriteTo(path + ".part");
            File.Move(path + ".part", path);
        }
        return path;
    }
}
