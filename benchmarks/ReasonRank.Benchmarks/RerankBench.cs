using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using ReasonRank.Diagnostics;
using ReasonRank.Engines.Local;
using ReasonRank.Prompting;
using ReasonRank.Ranking;

namespace ReasonRank.Benchmarks;

/// <summary>A reranker with some levers on and nothing else to do: every step of its engine is on its request's critical path.</summary>
internal sealed class RerankBench : IAsyncDisposable
{
    private const int Window = 4096;
    private const int Parallel = 8;

    private readonly RerankLever _lever;
    private readonly LocalEngine _local;
    private readonly ReasonRankTelemetry _telemetry = new();

    /// <param name="isExact">Where batching hardly changes a result, F32 cache and no flash attention, instead of the default, which is faster.</param>
    public RerankBench(BenchmarkArguments arguments, RerankLever lever, bool isExact)
    {
        _lever = lever;
        var options = new EngineOptions { Parallel = Parallel, JumpForward = lever.JumpForward, SharePrefixes = lever.SharePrefixes };
        var settings = arguments.WithDefaults(("threads", "1"));
        if (isExact)
            settings = settings.WithDefaults(("cache-type", "f32"), ("flash-attention", "off"));
        if (!arguments.Has("shape"))
            settings = settings.WithDefaults(("model", Path.Combine(PerformanceDocument.Root(), "models", "reasonrank-tiny.gguf")));
        _local = new LocalEngine(
            BenchmarkModel.Load(settings, Parallel, Window, options.SequenceIds), options, PromptProfile.ReasonRank.System, TimeProvider.System,
            NullLogger<LocalEngine>.Instance);
    }

    public async Task<Row> RankAsync(SearchedList list, int budget)
    {
        var engine = new RecordingEngine(_local);
        var options = new RankingOptions { EarlyStop = _lever.EarlyStop, OverlapPrefill = _lever.OverlapPrefill };
        using var reranker = new Reranker(engine, options, PromptProfile.ReasonRank, _telemetry, TimeProvider.System, NullLogger<Reranker>.Instance);
        var before = _local.Snapshot.Steps;
        var watch = Stopwatch.StartNew();
        var result = await reranker.RankAsync(list.Request(budget) with { Strategy = _lever.Strategy }, watcher: null, CancellationToken.None);
        var seconds = watch.Elapsed.TotalSeconds;
        var usage = engine.Generations.Select(generation => generation.Usage).ToArray();
        var steps = (int)(_local.Snapshot.Steps - before);
        // Steps in which only reasoning went on; where windows run side by side, one's prompt or answer may share them.
        var reasoning = _lever.Strategy == StrategyNames.SlidingWindow ? usage.Sum(use => use.DecodeSteps - use.AnswerSteps) : 0;
        return new Row(
            usage.Length, engine.Rounds, usage.Sum(use => use.PromptTokens - use.ReusedPromptTokens), usage.Sum(use => use.DecodeSteps), steps, reasoning,
            steps - reasoning, seconds, list.Quality(result.Order), [.. result.Order.Take(10)]);
    }

    public async ValueTask DisposeAsync()
    {
        await _local.DisposeAsync();
        _telemetry.Dispose();
    }

    /// <param name="Rounds">Windows, or groups of them at the same time, one after another.</param>
    /// <param name="Steps">Of the engine.</param>
    /// <param name="Rest">Steps that aren't reasoning.</param>
    public sealed record Row(
        int Windows, int Rounds, int PromptTokens, int DecodeSteps, int Steps, int Reasoning, int Rest, double Seconds, double Quality, int[] Top);
}
