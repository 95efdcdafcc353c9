using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using ReasonRank.Diagnostics;
using ReasonRank.Engines.Local;
using ReasonRank.Prompting;
using ReasonRank.Ranking;

namespace ReasonRank.Benchmarks;

/// <summary>
/// One request of 100 candidates, top 10 wanted, with the levers on one after another. Nothing else runs, so every step of the engine is on the
/// request's critical path. By default the embedded model with an F32 cache on one thread, where batching hardly changes a result; a random
/// model has no style of its own in separators, so jumping over them changes what it ranks.
/// </summary>
internal static class RerankBenchmark
{
    private const int Window = 4096;
    private const int Parallel = 8;

    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var sections = new List<string>();
        foreach (var budget in arguments.Numbers("budget", 64, 256, 700))
        {
            var table = new MarkdownTable(
                "levers", "windows", "prompt tokens computed", "decode steps", "steps on the critical path", "of them reasoning", "the rest", "plain / this", "seconds", "same top 10");
            Row? plain = null;
            foreach (var lever in Lever.All)
            {
                var row = await MeasureAsync(arguments, lever, budget);
                plain ??= row;
                table.Add(
                    lever.Name, row.Windows, row.PromptTokens, row.DecodeSteps, row.Steps, row.Reasoning, row.Rest,
                    (double)plain.Rest / row.Rest, row.Seconds, row.Top.SequenceEqual(plain.Top) ? "yes" : "no");
                Console.Error.WriteLine($"budget {budget}, {lever.Name}: {row.Seconds:F1} s");
            }
            sections.Add($"Reasoning budget {budget}:\n\n{table}");
        }
        PerformanceDocument.Report("rerank", string.Join('\n', sections), arguments.Write);
    }

    private static async Task<Row> MeasureAsync(BenchmarkArguments arguments, Lever lever, int budget)
    {
        var engineOptions = new EngineOptions { Parallel = Parallel, JumpForward = lever.JumpForward, SharePrefixes = lever.SharePrefixes };
        var settings = arguments.WithDefaults(("cache-type", "f32"), ("flash-attention", "off"), ("threads", "1"));
        if (!arguments.Has("shape"))
            settings = settings.WithDefaults(("model", Path.Combine(PerformanceDocument.Root(), "models", "reasonrank-tiny.gguf")));
        var runtime = BenchmarkModel.Load(settings, Parallel, Window, engineOptions.SequenceIds);
        await using var local = new LocalEngine(
            runtime, engineOptions, PromptProfile.ReasonRank.System, TimeProvider.System, NullLogger<LocalEngine>.Instance);
        var engine = new RecordingEngine(local);
        using var telemetry = new ReasonRankTelemetry();
        var options = new RankingOptions { EarlyStop = lever.EarlyStop, OverlapPrefill = lever.OverlapPrefill };
        var reranker = new Reranker(engine, options, PromptProfile.ReasonRank, telemetry, TimeProvider.System, NullLogger<Reranker>.Instance);
        var watch = Stopwatch.StartNew();
        var result = await reranker.RankAsync(Request(budget) with { Strategy = lever.Strategy }, watcher: null, CancellationToken.None);
        var seconds = watch.Elapsed.TotalSeconds;
        var usage = engine.Generations.Select(generation => generation.Usage).ToArray();
        var steps = (int)local.Snapshot.Steps;
        // Steps in which only reasoning went on; where windows run side by side, one's prompt or answer may share them.
        var reasoning = lever.Strategy == StrategyNames.SlidingWindow ? usage.Sum(use => use.DecodeSteps - use.AnswerSteps) : 0;
        return new Row(
            usage.Length, usage.Sum(use => use.PromptTokens - use.ReusedPromptTokens), usage.Sum(use => use.DecodeSteps), steps, reasoning,
            steps - reasoning, seconds, [.. result.Order.Take(10)]);
    }
    private static RankingRequest Request(int budget)
    {
        var random = new Random(3);
        string[] words = ["window", "passage", "retriever", "index", "token", "cache", "order", "query", "search", "model", "answer", "batch"];
        return new RankingRequest
        {
            Query = "which passage is about the order of a cache?",
            Candidates = [.. Enumerable.Range(0, 100).Select(_ => new Candidate(string.Join(' ', Enumerable.Range(0, 24).Select(_ => words[random.Next(words.Length)]))))],
            TopN = 10,
            ReasoningBudget = budget,
            UseCache = false,
        };
    }

    private sealed record Row(
        int Windows, int PromptTokens, int DecodeSteps, int Steps, int Reasoning, int Rest, double Seconds, int[] Top);

    /// <summary>One more lever than the row before it; top-down stands apart, since it changes what is ranked against what.</summary>
    private sealed record Lever(string Name)
    {
        public bool JumpForward { get; private init; }

        public bool EarlyStop { get; private init; }

        public bool SharePrefixes { get; private init; }

        public bool OverlapPrefill { get; private init; }

        public string Strategy { get; private init; } = StrategyNames.SlidingWindow;

        public static IEnumerable<Lever> All
        {
            get
            {
                var lever = new Lever("plain loop");
                yield return lever;
                yield return lever = lever with { Name = "+ jump-forward", JumpForward = true };
                yield return lever = lever with { Name = "+ early stop", EarlyStop = true };
                yield return lever = lever with { Name = "+ shared heads", SharePrefixes = true };
                yield return lever = lever with { Name = "+ overlapped prefill", OverlapPrefill = true };
                yield return lever with { Name = "all, top-down", Strategy = StrategyNames.TopDown };
            }
        }
    }
}
