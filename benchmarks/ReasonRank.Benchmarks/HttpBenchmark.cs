using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;
using ReasonRank.Prompting;

namespace ReasonRank.Benchmarks;

/// <summary>
/// Eight windows at once through POST /rerank, levers off, against <see cref="BareLoop"/> on the same prompts, there at once too, and as many
/// decode steps: what HTTP, JSON, prompts, admission and our loop cost together. The two take turns, in alternating order; figures are medians.
/// </summary>
internal static class HttpBenchmark
{
    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var (parallel, budget, runs) = (arguments.Number("parallel", 8), arguments.Number("budget", 256), arguments.Number("runs", 5));
        var threads = arguments.Number("threads", 2).ToString(CultureInfo.InvariantCulture);
        const int window = 4096;
        using var service = await ServiceProcess.StartAsync(new Dictionary<string, string>
        {
            ["ReasonRank__Model__Path"] = BenchmarkModel.Path(arguments),
            ["ReasonRank__Engine__Parallel"] = parallel.ToString(CultureInfo.InvariantCulture),
            ["ReasonRank__Engine__PoolCells"] = (parallel * window).ToString(CultureInfo.InvariantCulture),
            ["ReasonRank__Engine__Batch"] = "512",
            ["ReasonRank__Engine__Threads"] = threads,
            ["ReasonRank__Engine__ThreadsBatch"] = threads,
            ["ReasonRank__Engine__JumpForward"] = "false",
            ["ReasonRank__Engine__SharePrefixes"] = "false",
            ["ReasonRank__Ranking__EarlyStop"] = "false",
            ["ReasonRank__Ranking__OverlapPrefill"] = "false",
        });
        using var runtime = BenchmarkModel.Load(arguments, parallel, window, parallel);
        var requests = Enumerable.Range(0, parallel).Select(seed => Request(seed, budget)).ToArray();
        var prompts = Prompts(runtime, requests);

        var (bare, ours, ratios) = (new List<double>(), new List<double>(), new List<double>());
        var (_, steps) = await OursAsync(service, requests); // warms up
        await BareAsync(steps);
        for (var run = 0; run < runs; run++)
        {
            var before = run % 2 == 1 ? await BareAsync(steps) : 0;
            (var ourRate, steps) = await OursAsync(service, requests);
            var bareRate = run % 2 == 1 ? before : await BareAsync(steps);
            Console.Error.WriteLine($"run {run}: {ourRate:F0} against {bareRate:F0} tokens/s, prompts of {prompts.Average(prompt => prompt.Length)}, {steps} steps");
            bare.Add(bareRate);
            ours.Add(ourRate);
            ratios.Add(ourRate / bareRate);
        }
        var table = new MarkdownTable("windows at once", "bare loop, tokens/s", "POST /rerank, tokens/s", "ratio");
        table.Add(parallel, Median.Of(bare), Median.Of(ours), Median.Of(ratios));
        PerformanceDocument.Report(
            "http", $"{Path.GetFileName(BenchmarkModel.Path(arguments))}, prompts of {prompts.Average(prompt => prompt.Length):F0} tokens, {steps} decode steps each, {threads} threads, medians of {runs} alternating runs.\n\n{table}", arguments.Write);

        async Task<double> BareAsync(int count) => prompts.Sum(prompt => prompt.Length + count)
            / await Task.Factory.StartNew(() => new BareLoop(runtime, prompts).Run(count), TaskCreationOptions.LongRunning);
    }

    /// <summary>Tokens a second, prompts' and new ones, and the decode steps of a window: the close of a reasoning goes in without any.</summary>
    private static async Task<(double Rate, int Steps)> OursAsync(ServiceProcess service, Body[] requests)
    {
        var watch = Stopwatch.StartNew();
        var tokens = await Task.WhenAll(requests.Select(request => PostAsync(service.Client, request)));
        return (tokens.Sum(used => used.Prompt + used.Completion) / watch.Elapsed.TotalSeconds, (int)tokens.Average(used => used.Steps));
    }

    private static int[][] Prompts(LlamaCppRuntime runtime, Body[] requests)
    {
        var tokenizer = new PromptTokenizer(runtime);
        return
        [
            .. requests.Select(request =>
            {
                var passages = request.Documents.Select(text => PassageText.Prepare(text, null, 512, tokenizer)).ToArray();
                return tokenizer.Encode(new ListwisePrompt(PromptProfile.ReasonRank, request.Query).Render(passages));
            }),
        ];
    }

    private static async Task<(int Prompt, int Completion, int Steps)> PostAsync(HttpClient client, Body request)
    {
        using var answer = await client.PostAsJsonAsync(new Uri("/rerank", UriKind.Relative), request, JsonSerializerOptions.Web);
        answer.EnsureSuccessStatusCode();
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        var usage = body.RootElement.GetProperty("usage");
        return (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32(), usage.GetProperty("decode_steps").GetInt32());
    }

    private static Body Request(int seed, int budget)
    {
        var random = new Random(seed);
        string[] words = ["the", "search", "query", "passage", "rank", "answer", "more", "than", "first", "about", "system", "relevant"];
        return new Body(
            $"query {seed} about ranking", [.. Enumerable.Range(0, 20).Select(_ => string.Join(' ', Enumerable.Range(0, 12).Select(_ => words[random.Next(words.Length)])))], budget);
    }

    private sealed record Body(string Query, string[] Documents, [property: System.Text.Json.Serialization.JsonPropertyName("reasoning_budget")] int Budget, bool Cache = false);
}
