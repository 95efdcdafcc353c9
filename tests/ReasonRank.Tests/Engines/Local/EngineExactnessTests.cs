using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

/// <summary>Scheduling never changes what a sequence sees: with logits that are a function of the prefix, tokens are equal in any mix.</summary>
public class EngineExactnessTests
{
    private const int Cases = 10_000;

    [Fact]
    public async Task Tokens_are_those_of_a_run_alone_in_any_mix_chunking_and_sharing()
    {
        var random = new Random(7);
        await using var alone = EngineRun.Start(new ScriptedRuntime(), new EngineOptions { Parallel = 1, SharePrefixes = false });
        var (reused, cancelled, done) = (0, 0, 0);

        while (done < Cases)
        {
            var options = new EngineOptions
            {
                Parallel = random.Next(1, 9), PrefillChunk = random.Next(16, 80), SharePrefixes = random.Next(4) > 0, IdlePrefixShare = random.NextDouble() * 0.5,
            };
            var runtime = new ScriptedRuntime(poolCells: random.Next(420, 3000), batchRows: random.Next(16, 128), maxSequences: options.SequenceIds);
            await using var mixed = EngineRun.Start(runtime, options);
            var requests = Enumerable.Range(0, 250).Select(_ => Random(random)).ToArray();
            done += requests.Length;

            var generations = await Task.WhenAll(requests.Select((request, i) => RunAsync(mixed, request, leave: i % 11 == 0)));

            for (var i = 0; i < requests.Length; i++)
            {
                if (generations[i] is not { } generation)
                {
                    cancelled++;
                    continue;
                }
                var expected = await alone.CompleteAsync(requests[i]);
                Assert.Equal(expected.Text, generation.Text);
                Assert.Equal(Tokens(expected.Usage), Tokens(generation.Usage));
                reused += generation.Usage.ReusedPromptTokens;
            }
            await mixed.StopAsync(CancellationToken.None);
            Assert.Equal(mixed.Snapshot.PrefixCells, mixed.Snapshot.ReservedCells);
        }

        Assert.True(reused > 20_000 && cancelled > 100, $"{reused} tokens reused, {cancelled} cancelled");
    }

    private static async Task<Generation?> RunAsync(LocalEngine engine, GenerationRequest request, bool leave)
    {
        try
        {
            await foreach (var chunk in engine.GenerateAsync(request with { Stream = leave }, CancellationToken.None))
            {
                if (chunk.Finished is not null)
                    return chunk.Finished;
                if (leave)
                    return null;
            }
        }
        catch (OperationCanceledException)
        {
        }
        return null;
    }

    /// <summary>What doesn't depend on how the prompt was computed.</summary>
    private static GenerationUsage Tokens(GenerationUsage usage) => usage with { ReusedPromptTokens = 0, PrefillSteps = 0 };

    private static GenerationRequest Random(Random random)
    {
        var passages = Enumerable.Range(0, random.Next(1, 6)).Select(i => $"[{i + 1}] passage {random.Next(3)} of some length\n").ToArray();
        var head = $"query {random.Next(3)}.\n\n";
        var request = EngineRun.Request(
            head + string.Concat(passages), budget: random.Next(0, 30), count: random.Next(0, 9), seed: (uint)random.Next(),
            sampling: random.Next(3) == 0 ? new Sampling(0.8f, random.Next(0, 40), 0.95f) : Sampling.Greedy);
        return random.Next(2) == 0
            ? request with { Upcoming = new ChatPrompt(EngineRun.System, head + string.Concat(passages.Take(random.Next(3))) + "[9] passage that comes next\n", IsOpen: true) }
            : request;
    }
}
