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
/// candidates that hold none, some or all of them among others; the gain of a candidate is how many. The plan that the service uses must
/// keep its promises.
/// </summary>
internal static class DeadlineBenchmark
{
    private static readonly string[] Words =
    [
        "python", "library", "image", "network", "server", "file", "text", "music", "data", "window", "system", "program", "game", "time",
        "web", "code", "tool", "user", "list", "test", "number", "language", "client", "package", "color", "font", "mail", "video",
    ];

    public static async Task<int> RunAsync(BenchmarkArguments arguments)
    {
        var requests = Enumerable.Range(0, arguments.Number("requests", 100)).Select(seed => Made(arguments, seed)).ToArray();
        await using var bench = new Bench(arguments);
        var full = await RankAsync(new RankingOptions().DeadlinePlan, null);
        var median = TimeSpan.FromSeconds(full.Select(run => run.Seconds).Order().ElementAt(full.Count / 2));
        var given = requests.Average(made => Quality([.. Enumerable.Range(0, made.Gains.Length)], made.Gains));

        var everyone = Enumerable.Range(0, requests[0].Gains.Length);

        var bounds = new Bounds();
        var table = new MarkdownTable("deadline, % of full time", "plan", "nDCG@10", "answers in time", "windows done", "given order", "plain loop stopped", "full run");
        foreach (var share in arguments.Numbers("share", 25, 50, 75))
        {
            var deadline = median * share / 100;
            var stopped = full.Select((run, i) => Quality(run.At(deadline), requests[i].Gains)).Average();
            foreach (var kind in Plans(arguments))
            {
                var runs = await RankAsync(kind, deadline);
                var inTime = runs.Count(run => run.Seconds <= deadline.TotalSeconds + Math.Max(0.1 * deadline.TotalSeconds, 0.1));
                table.Add(share, kind.ToString(), Mean(runs), inTime, runs.Average(run => (double)run.Result.Windows.Count), given, stopped, Mean(full));
                Console.Error.WriteLine($"{share}% {kind} done");
                bounds.Require(runs.All(run => run.Result.Order.Order().SequenceEqual(everyone)), $"every answer at {share}% with {kind} is a permutation");
                if (kind != new RankingOptions().DeadlinePlan)
                    continue;
                bounds.Require(inTime >= 0.98 * runs.Count, $"98% of the answers come in time; at {share}% {inTime} of {runs.Count} did");
                bounds.Require(Mean(runs) > Math.Max(given, stopped), $"a plan is better than none; at {share}% it's {Mean(runs):F3}, and {given:F3} as given, {stopped:F3} stopped");
            }
        }
        PerformanceDocument.Report(
            "deadline", $"{requests.Length} requests of {requests[0].Gains.Length} candidates, median full time {median.TotalSeconds:F2} s.\n\n{table}", arguments.Write);
        return bounds.ExitCode;

        async Task<List<Run>> RankAsync(DeadlinePlanKind kind, TimeSpan? deadline)
        {
            var runs = new List<Run>();
            foreach (var (request, _) in requests)
                runs.Add(await bench.RankAsync(kind, request, deadline));
            return runs;
        }

        double Mean(List<Run> runs) => runs.Select((run, i) => Quality(run.Result.Order, requests[i].Gains)).Average();
    }

    /// <summary>Those named, or all that leave something out when time is short.</summary>
    private static IEnumerable<DeadlinePlanKind> Plans(BenchmarkArguments arguments) => arguments.Has("plans")
        ? arguments.Text("plans", "").Split(',').Select(Enum.Parse<DeadlinePlanKind>)
        : Enum.GetValues<DeadlinePlanKind>().Where(kind => kind != DeadlinePlanKind.AllOrNothing);

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
