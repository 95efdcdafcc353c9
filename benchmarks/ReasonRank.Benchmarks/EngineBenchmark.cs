using System.Diagnostics;
using System.Text;
using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;
using ReasonRank.TestSupport;

namespace ReasonRank.Benchmarks;

/// <summary>
/// Our loop against <see cref="BareLoop"/>: prompts of equal length that arrive at once, an equal number of new tokens each, greedy, levers off.
/// The two take turns at every step, with the same rows: all prompts in full batches, then a row a sequence and step. Ours has the rest of the
/// time, from the arrival to the last text. With <c>--bandwidth GB/s</c>, the device's, the table says which share of it decoding reaches by
/// reading the weights once a step.
/// </summary>
internal static class EngineBenchmark
{
    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var (prompt, output, runs) = (arguments.Number("prompt", 1024), arguments.Number("output", 256), arguments.Number("runs", 5));
        var table = new MarkdownTable(
            "parallel", "runs", "bare loop, tokens/s", "our loop, tokens/s", "ratio", "least and most", "decode step, ms", "steps", "bandwidth, %");
        foreach (var parallel in arguments.Numbers("parallel", 1, 4, 8, 16))
        {
            var options = new EngineOptions { Parallel = parallel, SharePrefixes = false, JumpForward = false, PrefillChunk = arguments.Number("chunk", 256) };
            var ours = BenchmarkModel.Load(arguments, parallel, prompt + output + 64, options.SequenceIds);
            var bare = BenchmarkModel.Load(arguments, parallel, prompt + output + 64, options.SequenceIds);
            var requests = Enumerable.Range(0, parallel).Select(seed => Request(ours, seed, prompt, output)).ToArray();
            var paired = new PairedRuntime(ours, bare, [.. requests.Select(request => new PromptTokenizer(ours).Encode(request.Prompt))]);
            await using var engine = EngineRun.Start(paired, options);
            await engine.CompleteAsync(requests[0]); // warms up
            var measured = new List<Run>();
            for (var run = 0; run < runs * Math.Max(1, 4 / parallel); run++) // short runs scatter more
                measured.Add(await MeasureAsync(engine, paired, requests, output));

            var (ratios, step) = (measured.Select(run => run.Ours / run.Bare).Order().ToArray(), Median.Of(measured.Select(run => run.Step)));
            var read = new FileInfo(BenchmarkModel.Path(arguments)).Length / 1e9 / step;
            table.Add(
                parallel, measured.Count, Median.Of(measured.Select(run => run.Bare)), Median.Of(measured.Select(run => run.Ours)), Median.Of(ratios),
                FormattableString.Invariant($"{ratios[0]:F3}, {ratios[^1]:F3}"), 1000 * step, paired.Steps,
                arguments.Has("bandwidth") ? 100 * read / arguments.Number("bandwidth", 1) : "");
            Console.Error.WriteLine($"parallel {parallel}: {string.Join(" ", ratios.Select(ratio => FormattableString.Invariant($"{ratio:F3}")))}");
        }
        var model = Path.GetFileName(BenchmarkModel.Path(arguments));
        PerformanceDocument.Report(
            "engine", $"{model}, prompts of {prompt} tokens, {output} new tokens, {arguments.Number("threads", 2)} threads; medians.\n\n{table}", arguments.Write);
    }

    private static async Task<Run> MeasureAsync(LocalEngine engine, PairedRuntime paired, GenerationRequest[] requests, int output)
    {
        paired.Begin();
        var watch = Stopwatch.StartNew();
        var generations = await Task.WhenAll(requests.Select(request => engine.CompleteAsync(request)));
        var whole = watch.Elapsed.TotalSeconds;
        var ours = whole - paired.BareSeconds;
        if (generations.FirstOrDefault(generation => generation.Usage.CompletionTokens != output) is { } other)
            throw new InvalidOperationException($"A completion has {other.Usage.CompletionTokens} tokens, {output} are wanted: the loops can't be compared.");
        var tokens = generations.Sum(generation => generation.Usage.PromptTokens + output);
        // Of the sequence that was last to get its prompt done, less the bare loop's half.
        var step = generations.Min(generation => generation.Timings.Decode.TotalSeconds) / (output - 1) * ours / whole;
        return new Run(tokens / paired.BareSeconds, tokens / ours, step);
    }

    /// <summary>A request whose prompt has exactly so many tokens, and whose completion runs to its last token.</summary>
    private static GenerationRequest Request(LlamaCppRuntime runtime, int seed, int promptTokens, int output)
    {
        var (random, tokenizer) = (new Random(seed), new PromptTokenizer(runtime));
        var text = new StringBuilder();
        var request = EngineRun.Request("", budget: output) with { Reasoning = new Reasoning(output, ""), FreeAnswerTokens = 0 };
        while (true)
        {
            var prompt = new ChatPrompt("Rank.", text.ToString());
            var missing = promptTokens - tokenizer.CountTokens(prompt);
            if (missing <= 0)
                return request with { Prompt = prompt };
            for (var i = 0; i < Math.Max(1, missing / 2); i++)
                text.Append((char)('a' + random.Next(26)));
        }
    }

    /// <summary>Rates in tokens a second, prompts' and new ones, and the seconds of one decoding step of ours.</summary>
    private sealed record Run(double Bare, double Ours, double Step);
}
