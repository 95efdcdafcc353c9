using System.Globalization;
using System.Text.RegularExpressions;
using ReasonRank.LlamaCpp;
using ReasonRank.LlamaCpp.Gguf;
using ReasonRank.LlamaCpp.Native;
using ReasonRank.TestSupport.Gguf;

namespace ReasonRank.ModelTests.LlamaCpp;

[CollectionDefinition("llama.cpp's log", DisableParallelization = true)]
public sealed class LlamaLogIsOneForTheProcess;

[Collection("llama.cpp's log")]
public sealed class MemoryPlanTests(RandomQwen2Fixture fixture) : IClassFixture<RandomQwen2Fixture>
{
    private const long Plenty = 1L << 40;

    private static readonly Device Gpu = new("CUDA0", "a GPU", IsGpu: true, FreeBytes: Plenty);

    [Theory]
    [InlineData(2048, 512, 8, FlashAttention.On)]
    [InlineData(8192, 256, 36, FlashAttention.On)]
    [InlineData(4096, 512, 8, FlashAttention.Off)]
    public void An_estimate_covers_what_llama_cpp_allocates_and_not_much_more(int pool, int rows, int sequences, FlashAttention flashAttention)
    {
        using var file = TemporaryFile.With(
            new RandomModel { Layers = 3, Embedding = 128, Heads = 4, KeyValueHeads = 2, FeedForward = 512, Vocabulary = 8000, Context = 8192 }.WriteTo);
        var log = new RecordingLogger();
        var options = new LlamaCppOptions
        {
            Path = file.Path, GpuLayers = 0, Threads = 1, PoolCells = pool, MicroBatchRows = rows, MaxSequences = sequences, FlashAttention = flashAttention,
        };

        LlamaCppRuntime.Load(options, log).Dispose();
        var plan = Plan(file.Path, options, sequences: sequences);

        var logged = log.Messages.Select(message => message.Message).ToArray();
        Assert.Equal(Logged(logged, "model buffer"), plan.Host.Weights, tolerance: 1 << 20);
        Assert.Equal(Logged(logged, "KV buffer"), plan.Host.Cache, tolerance: 1 << 20);
        var compute = Logged(logged, "compute buffer") + Logged(logged, "output buffer");
        Assert.InRange(plan.Host.Compute, compute, (compute * 1.6) + (8 << 20));
    }

    [Fact]
    public void A_model_that_does_not_fit_is_refused_with_all_figures_before_it_is_loaded()
    {
        var error = Assert.Throws<ModelLoadException>(() =>
            LlamaCppRuntime.Load(RandomModelFixture.Exact(fixture.Path), logger: null, new HostMemory(2 << 20, "cgroup memory.max")));

        Assert.Matches(
            @"doesn't fit: weights \d+ MiB \+ cache \d+ MiB \+ compute buffers \d+ MiB = \d+ MiB with 1,024 cells, and 2 MiB of memory \(cgroup memory\.max\) are free\.",
            error.Message);
    }

    [Fact]
    public void A_pool_of_its_own_size_is_parallel_times_one_window()
    {
        var options = new LlamaCppOptions { Path = fixture.Path, WindowCells = 512, GpuLayers = 0 };

        Assert.Equal(2048, Plan(fixture.Path, options, parallel: 4).PoolCells);
    }

    [Fact]
    public void A_window_is_no_longer_than_the_context()
    {
        var options = new LlamaCppOptions { Path = fixture.Path, GpuLayers = 0 };

        Assert.Equal(4 * 768, Plan(fixture.Path, options, parallel: 4).PoolCells);
    }

    [Fact]
    public void A_pool_of_its_own_size_shrinks_with_memory_but_holds_one_window()
    {
        var options = new LlamaCppOptions { Path = fixture.Path, WindowCells = 512, GpuLayers = 0 };
        var all = Plan(fixture.Path, options, parallel: 16).Host.Total;
        var one = Plan(fixture.Path, options, parallel: 1).Host.Total;

        var between = Plan(fixture.Path, options, parallel: 16, free: (all + one) * 5 / 8);
        Assert.InRange(between.PoolCells, 513, 8191);
        Assert.Equal(0, between.PoolCells % 256);
        Assert.Equal(512, Plan(fixture.Path, options, parallel: 16, free: one).PoolCells);
        Assert.Throws<ModelLoadException>(() => Plan(fixture.Path, options, parallel: 16, free: one - 1));
    }

    [Fact]
    public void All_layers_go_to_the_GPU_unless_told_otherwise()
    {
        var options = new LlamaCppOptions { Path = fixture.Path, PoolCells = 512 };
        var onHost = Plan(fixture.Path, options with { GpuLayers = 0 }).Host;

        var whole = Plan(fixture.Path, options, gpus: [Gpu]);
        var half = Plan(fixture.Path, options with { GpuLayers = 1 }, gpus: [Gpu]);

        Assert.Equal(0, whole.Host.Cache);
        Assert.Equal(onHost.Cache, whole.Gpu!.Value.Cache);
        Assert.Equal(onHost.Weights, whole.Host.Weights + whole.Gpu.Value.Weights);
        Assert.Equal(onHost.Cache, 2 * half.Gpu!.Value.Cache);
        Assert.InRange(half.Gpu.Value.Weights, 1, whole.Gpu.Value.Weights - 1);
    }

    [Fact]
    public void A_GPU_that_is_too_small_is_refused_with_its_own_figure()
    {
        var options = new LlamaCppOptions { Path = fixture.Path, PoolCells = 512 };

        var error = Assert.Throws<ModelLoadException>(() => Plan(fixture.Path, options, gpus: [Gpu with { FreeBytes = 1 << 20 }]));

        Assert.Contains("and 1 MiB of GPU memory are free. Use fewer cells, a smaller quantization or fewer layers on the GPU.", error.Message, StringComparison.Ordinal);
    }

    private static MemoryPlan Plan(
        string path, LlamaCppOptions options, int parallel = 4, int sequences = 8, long free = Plenty, IReadOnlyList<Device>? gpus = null)
    {
        var file = ModelFile.Open(path);
        return MemoryPlan.For(file, ModelShape.Of(file), options, parallel, sequences, new HostMemory(free, "MemAvailable"), gpus ?? []);
    }

    /// <summary>"llama_kv_cache: CPU KV buffer size = 4.00 MiB": in bytes, over all devices.</summary>
    private static long Logged(string[] lines, string buffer) => (long)(lines
        .Select(line => Regex.Match(line, buffer + @" size\s*=\s*([\d.]+) MiB"))
        .Where(match => match.Success)
        .Sum(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)) * (1 << 20));
}
