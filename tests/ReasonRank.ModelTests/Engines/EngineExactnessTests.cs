using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;
using ReasonRank.TestSupport;
using ReasonRank.TestSupport.Gguf;

namespace ReasonRank.ModelTests.Engines;

/// <summary>
/// On llama.cpp with F32 weights, an F32 cache, no flash attention and one thread, a sequence's tokens don't depend on what runs beside it.
/// (With any other setting rounding depends on the batch's shape, and near ties may differ.)
/// </summary>
public sealed class EngineExactnessTests : IDisposable
{
    private readonly TemporaryFile _model = TemporaryFile.With(new RandomModel { Seed = 11 }.WriteTo);

    public void Dispose() => _model.Dispose();

    [Fact]
    public async Task Tokens_are_those_of_a_run_alone_in_any_mix_chunking_and_sharing()
    {
        var random = new Random(8);
        await using var alone = Start(new EngineOptions { Parallel = 1, SharePrefixes = false }, batchRows: 512);
        var (reused, compared) = (0, 0);

        for (var round = 0; round < 6; round++)
        {
            var options = new EngineOptions { Parallel = random.Next(2, 9), PrefillChunk = random.Next(16, 96), SharePrefixes = round % 3 > 0 };
            await using var mixed = Start(options, batchRows: random.Next(32, 256));
            var requests = Enumerable.Range(0, 24).Select(_ => Request(random)).ToArray();

            var generations = await Task.WhenAll(requests.Select(request => mixed.CompleteAsync(request)));

            for (var i = 0; i < requests.Length; i++)
            {
                var expected = await alone.CompleteAsync(requests[i]);
                Assert.Equal(expected.Text, generations[i].Text);
                Assert.Equal(Tokens(expected.Usage), Tokens(generations[i].Usage));
                reused += generations[i].Usage.ReusedPromptTokens;
                compared += generations[i].Usage.CompletionTokens;
            }
        }

        Assert.True(reused > 1000 && compared > 3000, $"{reused} tokens reused, {compared} tokens compared");
    }

    private LocalEngine Start(EngineOptions options, int batchRows)
    {
        var runtime = LlamaCppRuntime.Load(new LlamaCppOptions
        {
            Path = _model.Path, FlashAttention = FlashAttention.Off, CacheTypeK = CacheType.F32, CacheTypeV = CacheType.F32, Threads = 1, BatchThreads = 1,
            Parallel = options.Parallel, PoolCells = options.Parallel * 600, MaxSequences = options.SequenceIds, BatchRows = batchRows, MicroBatchRows = batchRows,
        });
        return EngineRun.Start(runtime, options);
    }

    /// <summary>What doesn't depend on how the prompt was computed.</summary>
    private static GenerationUsage Tokens(GenerationUsage usage) => usage with { ReusedPromptTokens = 0, PrefillSteps = 0 };

    private static GenerationRequest Request(Random random)
    {
        var passages = Enumerable.Range(0, random.Next(2, 8)).Select(i => $"[{i + 1}] passage {random.Next(3)} about the search\n").ToArray();
        var head = $"query {random.Next(3)}.\n\n";
        var request = EngineRun.Request(head + string.Concat(passages), budget: random.Next(0, 40), count: passages.Length);
        return random.Next(2) == 0
            ? request with { Upcoming = new ChatPrompt(EngineRun.System, head + string.Concat(passages.Take(random.Next(4))) + "[9] passage next\n", IsOpen: true) }
            : request;
    }
}
