using ReasonRank.Ranking;

namespace ReasonRank.Tests.Ranking;

public class OverlapPrefillTests
{
    [Theory]
    [InlineData(20, 10)]
    [InlineData(20, 20)]
    [InlineData(7, 3)]
    public async Task What_is_announced_is_how_the_next_prompt_begins(int size, int stride)
    {
        using var scene = new RankingScene(options => options.OverlapPrefill = true);
        var (request, _) = RankingScene.Shuffled(57, seed: 1);

        await scene.RankAsync(request with { WindowSize = size, Stride = stride, Passes = 2 });

        var requests = scene.Engine.Requests;
        var announced = requests.Zip(requests.Skip(1)).Where(pair => pair.First.Upcoming is not null).ToArray();
        Assert.All(announced, pair => Assert.StartsWith(pair.First.Upcoming!.User, pair.Second.Prompt.User, StringComparison.Ordinal));
        Assert.All(announced, pair => Assert.Contains("\n[1] ", pair.First.Upcoming!.User, StringComparison.Ordinal));
        // Every window but the last of each pass.
        Assert.Equal(requests.Count - 2, announced.Length);
    }

    [Fact]
    public async Task Nothing_is_announced_unless_it_is_switched_on()
    {
        using var scene = new RankingScene();
        var (request, _) = RankingScene.Shuffled(57, seed: 1);

        await scene.RankAsync(request);
        await scene.RankAsync(request with { Strategy = "top-down" });

        Assert.All(scene.Engine.Requests, window => Assert.Null(window.Upcoming));
    }
}
