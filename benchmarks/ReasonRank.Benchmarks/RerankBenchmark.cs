using System.Globalization;

namespace ReasonRank.Benchmarks;

/// <summary>
/// One request of 100 candidates, top 10 wanted, with the levers on one after another. By default the embedded model on one thread, with an F32
/// cache and no flash attention, where batching hardly changes a result: there the levers have to leave the top 10 as it is and to save two of
/// three steps that aren't reasoning, or the benchmark fails. The time is that of a second run with the default cache. A random model has no style of its own in separators, so jumping over them changes what it ranks.
/// Top-down changes what is ranked against what: over some more lists, how many rounds it takes and what it does to quality.
/// </summary>
internal static class RerankBenchmark
{
    private const double LeastSaved = 3;

    /// <returns>False when a lever doesn't do what it promises.</returns>
    public static async Task<bool> RunAsync(BenchmarkArguments arguments)
    {
        var sections = new List<string>();
        var holds = true;
        foreach (var budget in arguments.Numbers("budget", 64, 256, 700))
        {
            var table = new MarkdownTable(
                "levers", "windows", "rounds", "prompt tokens computed", "decode steps", "steps on the critical path", "of them reasoning", "the rest", "plain / this", "seconds", "nDCG@10", "same top 10");
            var list = SearchedList.Of(seed: 3);
            var rows = new List<RerankBench.Row>();
            foreach (var lever in RerankLever.All)
            {
                var row = await RankAsync(arguments, lever, list, budget, isExact: true);
                var seconds = (await RankAsync(arguments, lever, list, budget, isExact: false)).Seconds;
                rows.Add(row);
                table.Add(
                    lever.Name, row.Windows, row.Rounds, row.PromptTokens, row.DecodeSteps, row.Steps, row.Reasoning, row.Rest,
                    (double)rows[0].Rest / row.Rest, seconds, row.Quality, row.Top.SequenceEqual(rows[0].Top) ? "yes" : "no");
                Console.Error.WriteLine($"budget {budget}, {lever.Name}: {seconds:F1} s");
            }
            sections.Add($"Reasoning budget {budget}:\n\n{table}");
            var exact = rows[..^1]; // all but top-down
            holds &= exact.TrueForAll(row => row.Top.SequenceEqual(rows[0].Top)) && rows[0].Rest >= LeastSaved * exact[^1].Rest;
        }
        var isTrained = !arguments.Has("shape"); // a random model ranks nothing: there is no quality to compare
        if (isTrained)
            sections.Add(await TopDownAsync(arguments));
        PerformanceDocument.Report("rerank", string.Join('\n', sections), arguments.Write);
        if (holds || !isTrained || arguments.Has("model"))
            return true;
        Console.Error.WriteLine($"A lever changed the top 10, or together they save less than {LeastSaved}x of the steps outside reasoning.");
        return false;
    }

    private static async Task<RerankBench.Row> RankAsync(BenchmarkArguments arguments, RerankLever lever, SearchedList list, int budget, bool isExact)
    {
        await using var bench = new RerankBench(arguments, lever, isExact);
        await bench.RankAsync(SearchedList.Of(seed: 4, count: 30), budget); // warms up
        return await bench.RankAsync(list, budget);
    }

    private static async Task<string> TopDownAsync(BenchmarkArguments arguments)
    {
        var lists = Enumerable.Range(100, arguments.Number("lists", 20)).Select(seed => SearchedList.Of(seed)).ToArray();
        var budget = arguments.Number("top-down-budget", 256);
        var topDown = await RankAllAsync(RerankLever.TopDown);
        var sliding = await RankAllAsync(RerankLever.Defaults);
        var rounds = topDown.CountBy(row => row.Rounds).OrderBy(count => count.Key).Select(count => $"{count.Key} rounds {count.Value} times");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Top-down on {lists.Length} more lists, budget {budget}: {string.Join(", ", rounds)}; nDCG@10 {topDown.Average(row => row.Quality):F3} in {topDown.Average(row => row.Seconds):F2} s, sliding windows {sliding.Average(row => row.Quality):F3} in {sliding.Average(row => row.Seconds):F2} s, as given {lists.Average(list => list.Quality(Enumerable.Range(0, list.Gains.Length))):F3}.\n");

        async Task<List<RerankBench.Row>> RankAllAsync(RerankLever lever)
        {
            await using var bench = new RerankBench(arguments, lever, isExact: false);
            var rows = new List<RerankBench.Row>();
            foreach (var list in lists)
                rows.Add(await bench.RankAsync(list, budget));
            return rows;
        }
    }
}
