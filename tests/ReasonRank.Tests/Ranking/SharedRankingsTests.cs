using ReasonRank.Engines;
using ReasonRank.Ranking;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Ranking;

public class SharedRankingsTests
{
    private static readonly RankingRequest Request = RankingScene.Request("number 1", "number 3", "number 2");

    [Fact]
    public async Task An_equal_request_gets_the_ranking_that_was_produced_for_the_first()
    {
        using var scene = new RankingScene();

        var first = await scene.RankAsync(Request);
        var second = await scene.RankAsync(Request with { Timeout = TimeSpan.FromSeconds(9) });

        Assert.Single(scene.Engine.Requests);
        Assert.False(first.IsCached);
        Assert.True(second.IsCached);
        Assert.Equal(first.Order, second.Order);
        Assert.Equal(first.Windows, second.Windows);
        Assert.Equal(TimeSpan.Zero, second.Timings.Decode);
        Assert.Equal(1, scene.Probe.Sum("reasonrank.cache.lookups", "outcome=hit"));
    }

    [Fact]
    public async Task Each_request_has_its_own_warnings()
    {
        using var scene = new RankingScene(options => options.MaxTimeout = TimeSpan.FromSeconds(5));

        await scene.RankAsync(Request with { Timeout = TimeSpan.FromSeconds(9) });

        Assert.Empty((await scene.RankAsync(Request)).Warnings);
    }

    [Fact]
    public async Task Other_clients_requests_are_not_answered_from_ones_own()
    {
        using var scene = new RankingScene();

        await scene.RankAsync(Request with { Client = "a" });
        await scene.RankAsync(Request with { Client = "b" });

        Assert.Equal(2, scene.Engine.Requests.Count);
    }

    [Fact]
    public async Task Sampled_rankings_and_those_that_bypass_the_cache_are_not_kept()
    {
        using var scene = new RankingScene();

        foreach (var request in new[] { Request with { Temperature = 0.6f }, Request with { UseCache = false } })
        {
            await scene.RankAsync(request);
            Assert.False((await scene.RankAsync(request)).IsCached);
        }

        Assert.Equal(4, scene.Engine.Requests.Count);
        Assert.False((await scene.RankAsync(Request)).IsCached);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        using var scene = new RankingScene();
        scene.Engine.FailNext(new GenerationFailedException("It broke."));

        var fallback = await scene.RankAsync(Request with { OnError = FailurePolicy.Passthrough });
        var second = await scene.RankAsync(Request);

        Assert.Equal(RankingStatus.Fallback, fallback.Status);
        Assert.Equal((RankingStatus.Complete, false), (second.Status, second.IsCached));
    }

    [Fact]
    public async Task A_ranking_that_a_deadline_shortened_is_not_kept()
    {
        using var scene = new RankingScene();
        scene.Engine.Clock = scene.Clock;
        scene.Engine.Thought = string.Join(' ', Enumerable.Repeat("hm", 400));

        var shortened = await scene.RankAsync(Request with { Timeout = TimeSpan.FromSeconds(3) });
        var whole = await scene.RankAsync(Request);

        Assert.Equal((RankingStatus.Complete, FinishReason.Deadline), (shortened.Status, shortened.Windows[0].Finish));
        Assert.Equal((RankingStatus.Complete, FinishReason.Stop, false), (whole.Status, whole.Windows[0].Finish, whole.IsCached));
    }

    [Fact]
    public async Task A_cache_without_room_keeps_nothing()
    {
        using var scene = new RankingScene(options => options.CacheBytes = 0);

        await scene.RankAsync(Request);

        Assert.False((await scene.RankAsync(Request)).IsCached);
    }

    [Fact]
    public async Task Equal_requests_at_the_same_time_are_ranked_once()
    {
        using var scene = new RankingScene();
        scene.Engine.Gate = new FakeGate();
        var leader = scene.RankAsync(Request);
        await scene.Engine.Gate.ArrivalAsync();
        var followers = Enumerable.Range(0, 5).Select(_ => scene.RankAsync(Request)).ToArray();

        scene.Engine.Gate.Open();
        var results = await Task.WhenAll([leader, .. followers]).WaitAsync(TestTimeouts.Patience);

        Assert.Single(scene.Engine.Requests);
        Assert.All(results, result => Assert.Equal([1, 2, 0], result.Order));
        Assert.Equal([false, true, true, true, true, true], results.Select(result => result.IsCached));
        Assert.Equal(5, scene.Probe.Sum("reasonrank.cache.lookups", "outcome=shared"));
    }

    [Fact]
    public async Task A_leader_who_leaves_does_not_take_the_followers_along()
    {
        using var scene = new RankingScene();
        scene.Engine.Gate = new FakeGate();
        using var leaving = new CancellationTokenSource();
        var leader = scene.RankAsync(Request, leaving.Token);
        await scene.Engine.Gate.ArrivalAsync();
        var follower = scene.RankAsync(Request);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        Assert.Equal(1, scene.Engine.Running);
        scene.Engine.Gate.Open();
        Assert.Equal([1, 2, 0], (await follower.WaitAsync(TestTimeouts.Patience)).Order);
        Assert.Single(scene.Engine.Requests);
    }

    [Fact]
    public async Task When_the_last_one_leaves_the_work_stops()
    {
        using var scene = new RankingScene();
        scene.Engine.Gate = new FakeGate();
        using var leaving = new CancellationTokenSource();
        var leader = scene.RankAsync(Request, leaving.Token);
        await scene.Engine.Gate.ArrivalAsync();
        var follower = scene.RankAsync(Request, leaving.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => follower);
        await scene.Engine.DepartureAsync();
        Assert.Equal(0, scene.Engine.Running);
        var next = scene.RankAsync(Request);
        await scene.Engine.Gate.ArrivalAsync();
        scene.Engine.Gate.Open();
        Assert.False((await next).IsCached);
    }

    [Fact]
    public async Task A_follower_keeps_its_own_deadline_and_gets_the_order_so_far()
    {
        using var scene = new RankingScene();
        scene.Engine.Gate = new FakeGate();
        var (request, best) = RankingScene.Shuffled(30, seed: 4);
        var leader = scene.RankAsync(request);
        await scene.Engine.Gate.ArrivalAsync();
        scene.Engine.Gate.Open();
        await scene.Engine.Gate.ArrivalAsync();
        var follower = scene.RankAsync(request with { Timeout = TimeSpan.FromSeconds(2) });
        var impatient = scene.RankAsync(request with { Timeout = TimeSpan.FromSeconds(2), OnDeadline = DeadlinePolicy.Error });

        scene.Clock.Advance(TimeSpan.FromSeconds(2));

        var part = await follower.WaitAsync(TestTimeouts.Patience);
        Assert.Equal((RankingStatus.Partial, 1, 2), (part.Status, part.Windows.Count, part.WindowsTotal));
        Assert.Equal(Enumerable.Range(0, 10), part.Order.Take(10));
        await Assert.ThrowsAsync<DeadlineExceededException>(() => impatient);
        scene.Engine.Gate.Open();
        Assert.Equal(best.Take(10), (await leader).Order.Take(10));
    }

    [Fact]
    public async Task A_follower_with_more_time_does_not_settle_for_a_part()
    {
        using var scene = new RankingScene();
        scene.Engine.Gate = new FakeGate();
        var (request, best) = RankingScene.Shuffled(30, seed: 4);
        var leader = scene.RankAsync(request with { Timeout = TimeSpan.FromSeconds(2) });
        await scene.Engine.Gate.ArrivalAsync();
        var follower = scene.RankAsync(request);

        scene.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(RankingStatus.Partial, (await leader.WaitAsync(TestTimeouts.Patience)).Status);
        scene.Engine.Gate.Open(2);
        var whole = await follower.WaitAsync(TestTimeouts.Patience);
        Assert.Equal((RankingStatus.Complete, false), (whole.Status, whole.IsCached));
        Assert.Equal(best.Take(10), whole.Order.Take(10));
    }

    [Fact]
    public async Task A_failure_reaches_everyone_who_waits()
    {
        using var scene = new RankingScene();
        scene.Engine.Gate = new FakeGate();
        scene.Engine.FailNext(new GenerationFailedException("It broke."));
        var leader = scene.RankAsync(Request);
        await scene.Engine.Gate.ArrivalAsync();
        var follower = scene.RankAsync(Request with { OnError = FailurePolicy.Passthrough });

        scene.Engine.Gate.Open();

        await Assert.ThrowsAsync<GenerationFailedException>(() => leader);
        Assert.Equal(RankingStatus.Fallback, (await follower.WaitAsync(TestTimeouts.Patience)).Status);
    }

    [Fact]
    public async Task Who_watches_sees_a_ranking_of_their_own_unless_one_is_kept()
    {
        using var scene = new RankingScene();
        var events = new List<RankingEvent>();

        await scene.Reranker.RankAsync(Request, events.Add, CancellationToken.None);
        var second = await scene.Reranker.RankAsync(Request, events.Add, CancellationToken.None);

        Assert.Single(events.OfType<RankingEvent.WindowRanked>());
        Assert.True(second.IsCached);
    }
}
