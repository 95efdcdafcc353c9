using System.Text.RegularExpressions;
using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;
using ReasonRank.TestSupport;
using ReasonRank.TestSupport.Gguf;

namespace ReasonRank.ModelTests.Engines;

/// <summary>Whatever weights a model has, what follows its reasoning is a permutation, and the weights decide which.</summary>
public partial class ConstrainedWindowsTests
{
    private const int Windows = 1000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_thousand_windows_of_random_models_are_a_thousand_permutations(bool twoDigitIds)
    {
        var first = await RankAsync(seed: 21, twoDigitIds);
        var second = await RankAsync(seed: 22, twoDigitIds);

        var (large, differing) = (0, 0);
        for (var i = 0; i < Windows; i++)
        {
            if (first[i].Length < 5)
                continue;
            large++;
            differing += first[i].SequenceEqual(second[i]) ? 0 : 1;
        }
        Assert.True(differing >= 0.9 * large, $"{differing} of {large} windows differ between the models");
    }

    private static async Task<int[][]> RankAsync(ulong seed, bool twoDigitIds)
    {
        using var file = TemporaryFile.With(new RandomModel { Seed = seed, TwoDigitIds = twoDigitIds }.WriteTo);
        var options = new EngineOptions { Parallel = 32 };
        await using var engine = EngineRun.Start(
            LlamaCppRuntime.Load(new LlamaCppOptions
            {
                Path = file.Path, Threads = 1, BatchThreads = 1, Parallel = options.Parallel, PoolCells = 32 * 1024, MaxSequences = options.SequenceIds, BatchRows = 512,
            }),
            options);
        return await Task.WhenAll(Enumerable.Range(0, Windows).Select(async i =>
        {
            var count = 2 + i % 19;
            var passages = string.Concat(Enumerable.Range(1, count).Select(id => $"[{id}] passage {(id * 7 + i) % 50}\n"));
            var generation = await engine.CompleteAsync(EngineRun.Request($"query {i}.\n\n{passages}", budget: 64, count: count));
            return Permutation(generation, count);
        }));
    }

    private static int[] Permutation(Generation generation, int count)
    {
        var match = Answer().Match(generation.Text);
        Assert.True(match.Success, generation.Text);
        var ids = match.Groups["id"].Captures.Select(capture => int.Parse(capture.Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(Enumerable.Range(1, count), ids.Order());
        Assert.True(generation.Usage.CompletionTokens >= 2 * count, $"{generation.Usage.CompletionTokens} tokens for {count} identifiers");
        return ids;
    }

    [GeneratedRegex(@"</think>[ \n]{0,2}<answer>[ \n]{0,2}\[(?<id>[0-9]+)\](?: ?> ?\[(?<id>[0-9]+)\])*[ \n]{0,2}</answer>\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Answer();
}
