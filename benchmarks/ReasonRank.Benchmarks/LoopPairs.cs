using System.Diagnostics;
using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;
using ReasonRank.TestSupport;

namespace ReasonRank.Benchmarks;

/// <summary>
/// Pairs of runs on one runtime, so on the same weights, cache and threads: our loop, and <see cref="BareLoop"/> with the batches that ours made.
/// Neither holds a cell when the other begins.
/// </summary>
internal sealed class LoopPairs(LlamaCppRuntime runtime, EngineOptions options, GenerationRequest[] requests, int output)
{
    private readonly int[][] _prompts = [.. requests.Select(request => new PromptTokenizer(runtime).Encode(request.Prompt))];
    private List<(int Sequence, int Position, bool WantsLogits)[]> _batches = [];

    public async Task<Row> MeasureAsync(int pairs)
    {
        await OursAsync(); // warms up, and makes the first batches
        var row = new Row();
        for (var pair = 0; pair < pairs; pair++)
        {
            var before = pair % 2 == 1 ? await BareAsync() : 0;
            var (ours, step) = await OursAsync();
            var bare = pair % 2 == 1 ? before : await BareAsync();
            row.Bare.Add(Tokens / bare);
            row.Ours.Add(Tokens / ours);
            row.Ratios.Add(bare / ours);
            row.Steps.Add(step);
        }
        return row with { StepCount = _batches.Count };
    }

    private double Tokens => _prompts.Sum(prompt => prompt.Length + output);

    private async Task<(double Seconds, double Step)> OursAsync()
    {
        var recorder = new RecordingRuntime(runtime);
        await using var engine = EngineRun.Start(recorder, options);
        var watch = Stopwatch.StartNew();
        var generations = await Task.WhenAll(requests.Select(request => engine.CompleteAsync(request)));
        var seconds = watch.Elapsed.TotalSeconds;
        _batches = recorder.Batches;
        if (generations.FirstOrDefault(generation => generation.Usage.CompletionTokens != output) is { } other)
            throw new InvalidOperationException($"A completion has {other.Usage.CompletionTokens} tokens, {output} are wanted: the runs can't be compared.");
        // Of the sequence that was last to get its prompt done: its steps hold no prompt rows of others.
        return (seconds, generations.Min(generation => generation.Timings.Decode.TotalSeconds) / (output - 1));
    }

    private Task<double> BareAsync() => Task.Factory.StartNew(() => BareLoop.Replay(runtime, _prompts, _batches), TaskCreationOptions.LongRunning);

    /// <summary>Rates in tokens a second, prompts' and new ones; a ratio above 1 says that ours was faster.</summary>
    public sealed record Row
    {
        public List<double> Bare { get; } = [];

        public List<double> Ours { get; } = [];

        public List<double> Ratios { get; } = [];

        /// <summary>Seconds of one decoding step of ours.</summary>
        public List<double> Steps { get; } = [];

        public int StepCount { get; init; }
    }
}
