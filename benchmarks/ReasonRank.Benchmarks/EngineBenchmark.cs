using System.Diagnostics;
using System.Text;
using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;
using ReasonRank.TestSupport;

namespace ReasonRank.Benchmarks;

/// <summary>
/// Our loop against <see cref="BareLoop"/> on equal runtimes in the same process, taking turns: prompts of equal length that arrive at once,
/// an equal number of new tokens each, greedy, levers off. The bare loop replays the batches that ours made; beside it stands one that computes
/// all prompts first and lets running sequences wait, which is the most that throughput could gain from being unfair. Figures are medians; the
/// ratio is the median of the ratios of neighbouring runs. With <c>--bandwidth GB/s</c>, the device's, the table says which share of it decoding
/// reaches by reading the weights once a step.
/// </summary>
internal static class EngineBenchmark
{
    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var (prompt, output, runs) = (arguments.Number("prompt", 1024), arguments.Number("output", 256), arguments.Number("runs", 5));
        var table = new MarkdownTable(
            "parallel", "bare loop, tokens/s", "our loop, tokens/s", "ratio", "prompts first, tokens/s", "decode step, ms", "steps", "bandwidth, %");
        foreach (var parallel in arguments.Numbers("parallel", 1, 4, 8, 16))
        {
            var options = new EngineOptions { Parallel = parallel, SharePrefixes = false, JumpForward = false, PrefillChunk = arguments.Number("chunk", 256) };
            // Each has a runtime of its own: an idle engine checks its cache, and must not find another's cells in it.
            using var runtime = BenchmarkModel.Load(arguments, parallel, prompt + output + 64, options.SequenceIds);
            var recorder = new RecordingRuntime(BenchmarkModel.Load(arguments, parallel, prompt + output + 64, options.SequenceIds));
            await using var engine = EngineRun.Start(recorder, options);
            var requests = Enumerable.Range(0, parallel).Select(seed => Request(engine, seed, prompt, output)).ToArray();
            var row = await MeasureAsync(engine, recorder, runtime, requests, output, runs);
            var read = new FileInfo(BenchmarkModel.Path(arguments)).Length / 1e9 / row.Step;
            table.Add(
                parallel, row.Bare, row.Ours, row.Ratio, row.PromptsFirst, 1000 * row.Step, row.Steps, arguments.Has("bandwidth") ? 100 * read / arguments.Number("bandwidth", 1) : "");
            Console.Error.WriteLine($"parallel {parallel}: {row}");
        }
        var model = Path.GetFileName(BenchmarkModel.Path(arguments));
        PerformanceDocument.Report(
            "engine",
            $"{model}, prompts of {prompt} tokens, {output} new tokens, {arguments.Number("threads", 2)} threads, medians of {runs} alternating runs.\n\n{table}",
            arguments.Write);
    }

    private static async Task<(double Bare, double Ours, double Ratio, double PromptsFirst, double Step, double Steps)> MeasureAsync(
        LocalEngine engine, RecordingRuntime recorder, LlamaCppRuntime runtime, GenerationRequest[] requests, int output, int runs)
    {
        var tokenizer = new PromptTokenizer(runtime);
        var prompts = requests.Select(request => tokenizer.Encode(request.Prompt)).ToArray();
        var total = prompts.Sum(tokens => tokens.Length + output);
        var (bare, ours, ratios, first, step) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var run = -1; run < runs; run++) // the first round warms up
        {
            recorder.Batches.Clear();
            var watch = Stopwatch.StartNew();
            var generations = await Task.WhenAll(requests.Select(request => engine.CompleteAsync(request)));
            var ourSeconds = watch.Elapsed.TotalSeconds;
            var made = generations.Sum(generation => generation.Usage.PromptTokens + generation.Usage.CompletionTokens);
            var bareSeconds = BareLoop.Replay(runtime, prompts, recorder.Batches);
            var firstSeconds = BareLoop.Run(runtime, prompts, output);
            if (run < 0)
                continue;
            bare.Add(made / bareSeconds);
            ours.Add(made / ourSeconds);
            ratios.Add(bareSeconds / ourSeconds);
            first.Add(total / firstSeconds);
            // Of the sequence that was last to get its prompt done: its steps hold no prompt rows of others.
            step.Add(generations.Min(generation => generation.Timings.Decode.TotalSeconds) / (output - 1));
        }
        return (Median(bare), Median(ours), Median(ratios), Median(first), Median(step), recorder.Batches.Count);
    }

    /// <summary>A request whose prompt has exactly so many tokens, and whose completion runs to its last token.</summary>
    private static GenerationRequest Request(LocalEngine engine, int seed, int promptTokens, int output)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        var request = EngineRun.Request("", budget: output) with { Reasoning = new Reasoning(output, ""), FreeAnswerTokens = 0 };
        while (true)
        {
            var prompt = new ChatPrompt("Rank.", text.ToString());
            var missing = promptTokens - engine.CountTokens(prompt);
            if (missing <= 0)
                return request with { Prompt = prompt };
            for (var i = 0; i < Math.Max(1, missing / 2); i++)
                text.Append((char)('a' + random.Next(26)));
        }
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
