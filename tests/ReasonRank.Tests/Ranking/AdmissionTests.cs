using ReasonRank.Ranking;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Ranking;

/// <summary>What the gate makes of the work that requests are expected to bring.</summary>
public class AdmissionTests
{
    [Fact]
    public async Task Work_that_is_expected_to_wait_too_long_is_refused()
    {
        using var scene = await BusyAsync(maxWait: 20);
        var (request, _) = RankingScene.Shuffled(100, seed: 3);

        // About 15 s of work a request: one at work and one in the queue are 30 s for the third.
        var second = scene.RankAsync(request);
        var refusal = await Assert.ThrowsAsync<OverloadedException>(() => scene.RankAsync(request with { Query = "third" }));

        Assert.InRange(refusal.RetryAfter, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
        Assert.Equal(1, scene.Probe.Sum("reasonrank.requests.refused", "reason=wait_too_long"));
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task A_deadline_that_the_queue_would_eat_is_refused_but_a_later_one_is_not()
    {
        using var scene = await BusyAsync(maxWait: 3_600);
        var (request, _) = RankingScene.Shuffled(20, seed: 3);

        var refusal = await Assert.ThrowsAsync<OverloadedException>(() => scene.RankAsync(request with { Timeout = TimeSpan.FromSeconds(5) }));
        var waiting = scene.RankAsync(request with { Timeout = TimeSpan.FromSeconds(60) });

        Assert.Equal(1, scene.Probe.Sum("reasonrank.requests.refused", "reason=deadline_unreachable"));
        Assert.True(refusal.RetryAfter >= TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task A_deadline_that_even_an_idle_engine_misses_is_no_overload()
    {
        using var scene = await BusyAsync(maxWait: 3_600);
        var (request, _) = RankingScene.Shuffled(20, seed: 3);

        var result = await scene.RankAsync(request with { Timeout = TimeSpan.FromMilliseconds(10) });

        Assert.Equal((RankingStatus.Partial, 0), (result.Status, result.Windows.Count));
        Assert.Equal(0, scene.Probe.Sum("reasonrank.requests.refused"));
    }

    [Fact]
    public async Task The_largest_request_counts_for_all_that_it_may_take()
    {
        using var scene = new RankingScene(options => options.MaxActive = 1);
        scene.Engine.Clock = scene.Clock;
        scene.Engine.Thought = string.Join(' ', Enumerable.Repeat("hm", 7_000));
        var (pair, _) = RankingScene.Shuffled(2, seed: 1);
        await scene.RankAsync(pair with { ReasoningBudget = 1_000_000 });
        scene.Engine.Gate = new FakeGate();
        var (crowd, _) = RankingScene.Shuffled(1_000, seed: 2);

        // 9,010 windows of up to 350,000 tokens: more than an int holds.
        var largest = scene.RankAsync(crowd with { WindowSize = 100, Stride = 1, Passes = 10, ReasoningBudget = 1_000_000 });
        await scene.Engine.Gate.ArrivalAsync();
        var refusal = scene.RankAsync(pair with { Query = "another" }).WaitAsync(TestTimeouts.Patience);

        await Assert.ThrowsAsync<OverloadedException>(() => refusal);
        Assert.False(largest.IsCompleted);
    }

    /// <summary>One request is held in the engine, and its rates are known.</summary>
    private static async Task<RankingScene> BusyAsync(double maxWait)
    {
        var scene = new RankingScene(options =>
        {
            options.MaxActive = 1;
            options.MaxQueueWait = TimeSpan.FromSeconds(maxWait);
        });
        scene.Engine.Clock = scene.Clock;
        scene.Engine.Thought = string.Join(' ', Enumerable.Repeat("hm", 100));
        var (request, _) = RankingScene.Shuffled(100, seed: 1);
        await scene.RankAsync(request);
        scene.Engine.Gate = new FakeGate();
        _ = scene.RankAsync(request with { Query = "held" });
        await scene.Engine.Gate.ArrivalAsync();
        return scene;
    }
}
