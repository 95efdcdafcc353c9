using ReasonRank.Ranking;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Ranking;

public class EarlyStopTests
{
    /// <summary>The fake's orders depend on everything in a window, so one passage out of place early on changes all that follows.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(25)]
    public async Task The_top_is_that_of_the_full_run_for_fewer_tokens(int topN)
    {
        using var stopping = new RankingScene();
        using var full = new RankingScene(options => options.EarlyStop = false);
        var random = new Random(topN);
        for (var round = 0; round < 200; round++)
        {
            stopping.Engine.Rank = full.Engine.Rank = FakePassages.ByWindow(seed: round);
            var (request, _) = RankingScene.Shuffled(100, seed: random.Next());
            request = request with { TopN = topN };

            var early = await stopping.RankAsync(request);
            var whole = await full.RankAsync(request);

            Assert.Equal(whole.Order.Take(topN), early.Order.Take(topN));
            Assert.Equal(Enumerable.Range(0, 100), early.Order.Order());
            Assert.True(early.Usage.CompletionTokens < whole.Usage.CompletionTokens);
        }
    }

    [Fact]
    public async Task The_top_is_that_of_the_full_run_in_any_shape()
    {
        using var stopping = new RankingScene();
        using var full = new RankingScene(options => options.EarlyStop = false);
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            stopping.Engine.Rank = full.Engine.Rank = FakePassages.ByWindow(seed: round);
            var count = random.Next(2, 70);
            var size = random.Next(2, 25);
            var rankStart = random.Next(0, count);
            var (request, _) = RankingScene.Shuffled(count, seed: round);
            request = request with
            {
                TopN = random.Next(1, count + 1),
                WindowSize = size,
                Stride = random.Next(1, size + 1),
                Passes = random.Next(1, 4),
                RankStart = rankStart,
                RankEnd = random.Next(rankStart + 1, count + 5),
            };

            var early = await stopping.RankAsync(request);
            var whole = await full.RankAsync(request);

            Assert.Equal(whole.Order.Take(request.TopN.Value), early.Order.Take(request.TopN.Value));
        }
    }

    [Fact]
    public async Task A_free_answer_is_not_stopped()
    {
        using var scene = new RankingScene();
        var (request, _) = RankingScene.Shuffled(40, seed: 1);

        var result = await scene.RankAsync(request with { TopN = 1, Constrain = false });

        Assert.All(scene.Engine.Requests, window => Assert.Null(window.Answer));
        Assert.Equal(3, result.WindowsTotal);
    }
}
