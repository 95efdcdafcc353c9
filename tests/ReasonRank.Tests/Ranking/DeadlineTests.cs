using ReasonRank.Engines;
using ReasonRank.Ranking;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Ranking;

public class DeadlineTests
{
    [Theory]
    [InlineData(DeadlinePlanKind.SmallerBudgets)]
    [InlineData(DeadlinePlanKind.FewerWindows)]
    [InlineData(DeadlinePlanKind.HeadFirst)]
    internal async Task Whatever_the_deadline_the_answer_is_in_time_and_whole(DeadlinePlanKind kind)
    {
        using var scene = await LearntAsync(kind);
        var full = await FullTimeAsync(scene);
        for (var percent = 2; percent <= 120; percent += 7)
        {
            var timeout = full * percent / 100;
            var (request, _) = RankingScene.Shuffled(100, seed: percent);
            var start = scene.Clock.Elapsed;

            var result = await scene.RankAsync(request with { Timeout = timeout });

            Assert.InRange(scene.Clock.Elapsed - start, TimeSpan.Zero, timeout);
            Assert.Equal(Enumerable.Range(0, 100), result.Order.Order());
            Assert.Equal(percent > 112 ? RankingStatus.Complete : result.Status, result.Status);
            Assert.Equal(9, result.WindowsTotal);
        }
    }

    [Theory]
    [InlineData(DeadlinePlanKind.SmallerBudgets)]
    [InlineData(DeadlinePlanKind.FewerWindows)]
    [InlineData(DeadlinePlanKind.HeadFirst)]
    internal async Task Half_the_time_is_well_spent_at_the_head(DeadlinePlanKind kind)
    {
        using var scene = await LearntAsync(kind);
        var full = await FullTimeAsync(scene);
        var (request, best) = RankingScene.Shuffled(100, seed: 9);

        var result = await scene.RankAsync(request with { Timeout = full / 2 });

        Assert.Contains(best.First(index => index < 40), result.Order.Take(10));
        Assert.Equal((0, 20), (result.Windows[^1].Start, result.Windows[^1].End));
    }

    [Fact]
    public async Task Smaller_budgets_finish_every_window_and_say_that_they_thought_less()
    {
        using var scene = await LearntAsync(DeadlinePlanKind.SmallerBudgets);
        var full = await FullTimeAsync(scene);
        var (request, best) = RankingScene.Shuffled(100, seed: 9);

        var result = await scene.RankAsync(request with { Timeout = full * 0.75 });

        Assert.Equal(RankingStatus.Complete, result.Status);
        Assert.Equal(best.Take(10), result.Order.Take(10));
        Assert.Contains("cut the reasoning", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.All(result.Windows, window => Assert.True(window.Finish is FinishReason.Budget or FinishReason.Deadline));
    }

    [Fact]
    public async Task Fewer_windows_are_a_part_and_say_which()
    {
        using var scene = await LearntAsync(DeadlinePlanKind.FewerWindows);
        var full = await FullTimeAsync(scene);
        var (request, _) = RankingScene.Shuffled(100, seed: 9);

        var result = await scene.RankAsync(request with { Timeout = full / 2 });

        Assert.Equal(RankingStatus.Partial, result.Status);
        Assert.Equal([(30, 50), (20, 40), (10, 30), (0, 20)], result.Windows.Select(window => (window.Start, window.End)));
        Assert.Equal(Enumerable.Range(50, 50), result.Order.Skip(50));
        Assert.Contains("4 of 9", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(1, scene.Probe.Sum("reasonrank.deadline.hits"));
    }

    [Fact]
    public async Task A_deadline_no_idle_engine_could_meet_gives_the_input_order_at_once()
    {
        using var scene = await LearntAsync(DeadlinePlanKind.SmallerBudgets);
        var (request, _) = RankingScene.Shuffled(100, seed: 9);
        var start = scene.Clock.Elapsed;

        var result = await scene.RankAsync(request with { Timeout = TimeSpan.FromMilliseconds(20) });

        Assert.Equal(Enumerable.Range(0, 100), result.Order);
        Assert.Equal((RankingStatus.Partial, 0, 9), (result.Status, result.Windows.Count, result.WindowsTotal));
        Assert.Contains("input order", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(start, scene.Clock.Elapsed);
    }

    [Fact]
    public async Task Who_wants_an_error_gets_no_part()
    {
        using var scene = await LearntAsync(DeadlinePlanKind.SmallerBudgets);
        var full = await FullTimeAsync(scene);
        var (request, best) = RankingScene.Shuffled(100, seed: 9);
        request = request with { OnDeadline = DeadlinePolicy.Error };

        await Assert.ThrowsAsync<DeadlineExceededException>(() => scene.RankAsync(request with { Timeout = full / 10 }));
        var result = await scene.RankAsync(request with { Timeout = full / 2 });

        Assert.Equal(RankingStatus.Complete, result.Status);
        Assert.Equal(best.Take(10), result.Order.Take(10));
        Assert.Equal(1, scene.Probe.Sum("reasonrank.requests", "status=deadline"));
        Assert.Equal(0, scene.Probe.Sum("reasonrank.requests", "status=error"));
    }

    [Fact]
    public async Task An_engine_that_turns_slow_is_cut_off_with_the_order_so_far()
    {
        using var scene = await LearntAsync(DeadlinePlanKind.SmallerBudgets);
        var full = await FullTimeAsync(scene);
        var (request, _) = RankingScene.Shuffled(100, seed: 9);
        scene.Engine.TokenTime *= 100;
        var start = scene.Clock.Elapsed;

        // A free answer isn't closed by the engine's clock: only the cancellation ends it.
        var result = await scene.RankAsync(request with { Timeout = full, Constrain = false });

        Assert.Equal(RankingStatus.Partial, result.Status);
        Assert.InRange(scene.Clock.Elapsed - start, full * 0.9, full * 1.1);
        Assert.Equal(Enumerable.Range(0, 100), result.Order.Order());
    }

    [Fact]
    public async Task A_deadline_that_comes_in_the_queue_is_answered_there()
    {
        using var scene = new RankingScene(options => options.MaxActive = 1);
        scene.Engine.Gate = new FakeGate();
        var (request, _) = RankingScene.Shuffled(10, seed: 1);
        var first = scene.RankAsync(request);
        await scene.Engine.Gate.ArrivalAsync();
        var waiting = scene.RankAsync(request with { Query = "another", Timeout = TimeSpan.FromSeconds(3) });

        scene.Clock.Advance(TimeSpan.FromSeconds(3));
        var result = await waiting.WaitAsync(TestTimeouts.Patience);

        Assert.Equal((RankingStatus.Partial, 0), (result.Status, result.Windows.Count));
        scene.Engine.Gate.Open();
        Assert.Equal(RankingStatus.Complete, (await first).Status);
    }

    [Fact]
    public async Task The_clients_leaving_is_no_deadline()
    {
        using var scene = new RankingScene();
        scene.Engine.Gate = new FakeGate();
        using var leaving = new CancellationTokenSource();
        var (request, _) = RankingScene.Shuffled(10, seed: 1);
        var ranking = scene.RankAsync(request with { Timeout = TimeSpan.FromSeconds(3) }, leaving.Token);
        await scene.Engine.Gate.ArrivalAsync();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ranking);
        Assert.Equal(1, scene.Probe.Sum("reasonrank.requests", "status=cancelled"));
    }

    [Fact]
    public async Task Without_any_experience_windows_share_the_time_evenly()
    {
        using var scene = new RankingScene();
        scene.Engine.Clock = scene.Clock;
        scene.Engine.Thought = LongThought;
        var (request, _) = RankingScene.Shuffled(40, seed: 1);

        var result = await scene.RankAsync(request with { Timeout = TimeSpan.FromSeconds(12) });

        Assert.Equal(RankingStatus.Complete, result.Status);
        Assert.Equal(FinishReason.Deadline, result.Windows[0].Finish);
        Assert.InRange(scene.Clock.Elapsed, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(12));
    }

    private static string LongThought { get; } = string.Join(' ', Enumerable.Repeat("hm", 400));

    /// <summary>A scene that has seen a few windows of this engine, so that its rates are known.</summary>
    private static async Task<RankingScene> LearntAsync(DeadlinePlanKind kind)
    {
        var scene = new RankingScene(options => options.DeadlinePlan = kind);
        scene.Engine.Clock = scene.Clock;
        scene.Engine.Thought = LongThought;
        var (request, _) = RankingScene.Shuffled(100, seed: 1_000);
        await scene.RankAsync(request);
        return scene;
    }

    private static async Task<TimeSpan> FullTimeAsync(RankingScene scene)
    {
        var (request, _) = RankingScene.Shuffled(100, seed: 1_001);
        return (await scene.RankAsync(request)).Timings.Total;
    }
}
