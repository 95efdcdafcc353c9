using System.Text;
using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;
using ReasonRank.TestSupport;

namespace ReasonRank.Benchmarks;

/// <summary>
/// Our loop against <see cref="BareLoop"/>, taking turns on one runtime: prompts of equal length that arrive at once, an equal number of new
/// tokens each, greedy, levers off. The bare loop replays the batches that ours made, on a thread of its own as ours is: all prompts in full
/// batches, then a row a sequence and step. Runs come in pairs, ours first in one and last in the next, so that a machine that slows down costs
/// both; the ratio is the median over the pairs. With <c>--bandwidth GB/s</c>, the device's, the table says which share of it decoding reaches by
/// reading the weights once a step.
/// </summary>
internal static class EngineBenchmark
{
    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var (prompt, output, pairs) = (arguments.Number("prompt", 1024), arguments.Number("output", 256), arguments.Number("pairs", 5));
        var table = new MarkdownTable(
            "parallel", "pairs", "bare loop, tokens/s", "our loop, tokens/s", "ratio", "least and most", "decode step, ms", "steps", "bandwidth, %");
        foreach (var parallel in arguments.Numbers("parallel", 1, 4, 8, 16))
        {
            var options = new EngineOptions { Parallel = parallel, SharePrefixes = false, JumpForward = false, PrefillChunk = arguments.Number("chunk", 256) };
            using var runtime = BenchmarkModel.Load(arguments, parallel, prompt + output + 64, options.SequenceIds);
            var requests = Enumerable.Range(0, parallel).Select(seed => Request(runtime, seed, prompt, output)).ToArray();
            var row = await new LoopPairs(runtime, options, requests, output).MeasureAsync(pairs * Math.Max(1, 4 / parallel)); // short runs scatter more
            var step = Median.Of(row.Steps);
            var read = new FileInfo(BenchmarkModel.Path(arguments)).Length / 1e9 / step;
            table.Add(
                parallel, row.Ratios.Count, Median.Of(row.Bare), Median.Of(row.Ours), Median.Of(row.Ratios), FormattableString.Invariant($"{row.Ratios.Min():F3}, {row.Ratios.Max():F3}"),
                1000 * step, row.StepCount, arguments.Has("bandwidth") ? 100 * read / arguments.Number("bandwidth", 1) : "");
            Console.Error.WriteLine($"parallel {parallel}: {string.Join(' ', row.Ratios)}");
        }
        var model = Path.GetFileName(BenchmarkModel.Path(arguments));
        PerformanceDocument.Report(
            "engine", $"{model}, prompts of {prompt} tokens, {output} new tokens, {arguments.Number("threads", 2)} threads.\n\n{table}", arguments.Write);
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
}
