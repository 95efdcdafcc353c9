using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using ReasonRank.Diagnostics;
using ReasonRank.Engines.Local;
using ReasonRank.Evaluation;
using ReasonRank.LlamaCpp;
using ReasonRank.Prompting;
using ReasonRank.Ranking;

namespace ReasonRank.Benchmarks;

/// <summary>
/// What a deadline costs in quality, for each way to plan for it: one request at a time on the embedded model, 25, 50 and 75% of the median
/// time that a request takes without one. The comparison is the plain loop stopped at the same time. Lists are made: a query of words, and
/// candidates that hold none, some or all of them among others; the gain of a candidate is how many.
/// </summary>
internal static class DeadlineBenchmark
{
    private static readonly string[] Words =
    [
        "python", "library", "image", "network", "server", "file", "text", "music", "data", "window", "system", "program", "game", "time",
        "web", "code", "tool", "user", "list", "test", "number", "language", "client", "package", "color", "font", "mail", "video",
    ];

    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var requests = Enumerable.Range(0, arguments.Number("requests", 100)).Select(seed => Made(arguments, seed)).ToArray();
        await using var bench = new Bench(arguments);
        _ = await bench.RankAsync(DeadlinePlanKind.SmallerBudgets, requests[0].Request, null); // warms up, and measures the first rates
        var full = new List<Run>();
        foreach (var (request, _) in requests)
            full.Add(await bench.RankAsync(DeadlinePlanKind.SmallerBudgets, request, null));
        var median = TimeSpan.FromSeconds(full.Select(run => run.Seconds).Order().ElementAt(full.Count / 2));

        var table = new MarkdownTable("deadline, % of full time", "plan", "nDCG@10", "answers in time", "windows done", "given order", "plain loop stopped", "full run");
        foreach (var share in arguments.Numbers("share", 25, 50, 75))
        {
            var deadline = median * share / 100;
            var stopped = Mean(full.Select((run, i) => Quality(run.At(deadline), requests[i].Gains)));
            foreach (var kind in new[] { DeadlinePlanKind.SmallerBudgets, DeadlinePlanKind.FewerWindows, DeadlinePlanKind.HeadFirst })
            {
                var runs = new List<Run>();
                foreach (var (request, _) in requests)
                    runs.Add(await bench.RankAsync(kind, request, deadline));
                var late = Math.Max(0.1 * deadline.TotalSeconds, 0.1);
                table.Add(
                    share, kind.ToString(), Mean(runs.Select((run, i) => Quality(run.Result.Order, requests[i].Gains))),
                    runs.Count(run => run.Seconds <= deadline.TotalSeconds + late), Mean(runs.Select(run => (double)run.Result.Windows.Count)),
                    Mean(requests.Select(made => Quality([.. Enumerable.Range(0, made.Gains.Length)], made.Gains))), stopped,
                    Mean(full.Select((run, i) => Quality(run.Result.Order, requests[i].Gains))));
                Console.Error.WriteLine($"{share}% {kind} done");
            }
        }
        PerformanceDocument.Report(
            "deadline", $"{requests.Length} requests of {requests[0].Gains.Length} candidates, median full time {median.TotalSeconds:F2} s.\n\n{table}", arguments.Write);
    }

    private static (RankingRequest Request, int[] Gains) Made(BenchmarkArguments arguments, int seed)
    {
        var random = new Random(seed);
        var words = Words.ToArray();
        random.Shuffle(words);
        var (query, others) = (words[..3], words[3..]);
        var gains = Enumerable.Range(0, arguments.Number("candidates", 40)).Select(i => i < 2 ? 3 : i < 6 ? 2 : i < 12 ? 1 : 0).ToArray();
        random.Shuffle(gains);
        var candidates = gains.Select(gain =>
        {
            var text = query[..gain].Concat(Enumerable.Range(0, 10).Select(_ => others[random.Next(others.Length)])).ToArray();
            random.Shuffle(text);
            return new Candidate(string.Join(' ', text));
        });
        return (new RankingRequest
        {
            Query = string.Join(' ', query), Candidates = [.. candidates], UseCache = false,
            WindowSize = arguments.Number("window", 8), Stride = arguments.Number("stride", 4),
        }, gains);
    }

    private static double Quality(IReadOnlyList<int> order, int[] gains) => RankingQuality.Ndcg(
        [.. order.Select(Name)], Enumerable.Range(0, gains.Length).ToDictionary(Name, index => gains[index]), 10);

    private static string Name(int index) => index.ToString(CultureInfo.InvariantCulture);

    private static double Mean(IEnumerable<double> values) => values.Average();

    /// <summary>One ranking: its result, how long it took, and the orders it went through.</summary>
    private sealed record Run(RankingResult Result, double Seconds, List<(TimeSpan At, IReadOnlyList<int> Order)> Orders)
    {
        /// <summary>The order that stood at a time.</summary>
        public IReadOnlyList<int> At(TimeSpan time) =>
            Orders.LastOrDefault(order => order.At <= time).Order ?? [.. Enumerable.Range(0, Result.Order.Count)];
    }

    /// <summary>One model, and a reranker for each plan on it.</summary>
    private sealed class Bench : IAsyncDisposable
    {
        private readonly LocalEngine _engine;
        private readonly ReasonRankTelemetry _telemetry = new();
        private readonly Dictionary<DeadlinePlanKind, Reranker> _rerankers = [];

        public Bench(BenchmarkArguments arguments)
        {
            var options = new EngineOptions();
            _engine = new LocalEngine(
                LlamaCppRuntime.Load(new LlamaCppOptions
                {
                    Path = arguments.Text("model", Path.Combine(PerformanceDocument.Root(), "models", "reasonrank-tiny.gguf")),
                    Parallel = options.Parallel, MaxSequences = options.SequenceIds, Threads = 1, BatchThreads = 1, BatchRows = 512,
                }),
                options, PromptProfile.ReasonRank.System, TimeProvider.System, NullLogger<LocalEngine>.Instance);
        }

        public async Task<Run> RankAsync(DeadlinePlanKind kind, RankingRequest request, TimeSpan? deadline)
        {
            if (!_rerankers.TryGetValue(kind, out var reranker))
            {
                reranker = new Reranker(
                    _engine, new RankingOptions { DeadlinePlan = kind }, PromptProfile.ReasonRank, _telemetry, TimeProvider.System, NullLogger<Reranker>.Instance);
                _rerankers[kind] = reranker;
                _ = await reranker.RankAsync(request, null, CancellationToken.None); // it learns the rates from what it ranks
            }
            var orders = new List<(TimeSpan, IReadOnlyList<int>)>();
            var watch = Stopwatch.StartNew();
            var result = await reranker.RankAsync(request with { Timeout = deadline }, Watch, CancellationToken.None);
            return new Run(result, watch.Elapsed.TotalSeconds, orders);

            void Watch(RankingEvent happened)
            {
                if (happened is RankingEvent.WindowRanked ranked)
                    orders.Add((watch.Elapsed, [.. ranked.Order]));
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _engine.DisposeAsync();
            _telemetry.Dispose();
        }
    }
}
