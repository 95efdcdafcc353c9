using ReasonRank.Engines;
using ReasonRank.Ranking;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Ranking;

public class TopDownStrategyTests
{
    [Fact]
    public async Task The_top_is_the_best_of_all_when_the_first_stage_is_any_good()
    {
        using var scene = new RankingScene();
        var random = new Random(4);
        for (var round = 0; round < 50; round++)
        {
            var numbers = Enumerable.Range(0, 100).Select(index => (100 * (1_000 - (5 * index) + random.Next(200))) + index).ToArray();
            var best = Enumerable.Range(0, 100).OrderByDescending(index => numbers[index]).ToArray();

            var result = await scene.RankAsync(RankingScene.Request(numbers.Select(number => $"number {number}")) with { Strategy = "top-down" });

            Assert.Equal(RankingStatus.Complete, result.Status);
            Assert.Equal(best.Take(10), result.Order.Take(10));
            Assert.Equal(Enumerable.Range(0, 100), result.Order.Order());
            Assert.Equal(result.WindowsTotal, result.Windows.Count);
        }
    }

    [Fact]
    public async Task Of_a_random_order_the_very_best_still_come_to_the_top()
    {
        using var scene = new RankingScene();
        for (var seed = 0; seed < 50; seed++)
        {
            var (request, best) = TopDown(100, seed);

            var result = await scene.RankAsync(request);

            Assert.Equal(best.Take(5), result.Order.Take(5));
        }
    }

    [Fact]
    public async Task The_windows_of_a_round_run_at_the_same_time()
    {
        using var scene = new RankingScene();
        scene.Engine.Gate = new FakeGate();
        var (request, best) = TopDown(75, seed: 1);

        var ranking = scene.RankAsync(request);
        await scene.Engine.Gate.ArrivalAsync();
        Assert.Equal(1, scene.Engine.Running);
        scene.Engine.Gate.Open();
        for (var block = 0; block < 3; block++)
            await scene.Engine.Gate.ArrivalAsync();
        Assert.Equal(3, scene.Engine.Running);
        scene.Engine.Gate.Open(100);

        Assert.Equal(best.Take(10), (await ranking.WaitAsync(TestTimeouts.Patience)).Order.Take(10));
    }

    [Fact]
    public async Task No_more_windows_run_at_once_than_the_engine_decodes()
    {
        using var scene = new RankingScene();
        scene.Engine.Gate = new FakeGate();
        var (request, _) = TopDown(300, seed: 1);

        scene.Engine.Gate.Open(1_000);
        var result = await scene.RankAsync(request).WaitAsync(TestTimeouts.Patience);

        Assert.InRange(scene.Engine.MaxRunning, 1, scene.Engine.Info.Parallel);
        Assert.Equal(result.WindowsTotal, result.Windows.Count);
    }

    [Fact]
    public async Task A_short_list_is_one_window()
    {
        using var scene = new RankingScene();
        var (request, best) = TopDown(20, seed: 1);

        var result = await scene.RankAsync(request);

        Assert.Equal(best, result.Order);
        Assert.Single(result.Windows);
    }

    [Fact]
    public async Task A_pool_larger_than_a_window_takes_one_round_more_and_counts_who_was_cut_off()
    {
        using var scene = new RankingScene();
        var request = RankingScene.Request(Enumerable.Range(0, 100).Select(number => $"number {number}")) with { Strategy = "top-down" };

        var result = await scene.RankAsync(request);

        // The best stand last, so nearly all beat a pivot from the head: 5 heats before the last window.
        Assert.Equal(1 + 5 + 5 + 1, result.Windows.Count);
        Assert.Equal([99, 98, 97], result.Order.Take(3));
        Assert.Contains("69 candidates beat the pivot", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pool_that_the_head_filled_alone_is_in_order_already()
    {
        using var scene = new RankingScene();
        var request = RankingScene.Request(Enumerable.Range(0, 100).Select(number => $"number {100 - number}")) with { Strategy = "top-down" };

        var result = await scene.RankAsync(request);

        Assert.Equal(Enumerable.Range(0, 10), result.Order.Take(10));
        Assert.Equal((6, 6), (result.Windows.Count, result.WindowsTotal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(25)]
    public async Task The_top_is_the_same_with_early_stop_for_fewer_tokens(int topN)
    {
        using var stopping = new RankingScene();
        using var full = new RankingScene(options => options.EarlyStop = false);
        var saved = 0;
        for (var round = 0; round < 100; round++)
        {
            stopping.Engine.Rank = full.Engine.Rank = FakePassages.ByWindow(seed: round);
            var (request, _) = TopDown(20 + (round * 2), seed: round);
            request = request with { TopN = topN, Passes = 1 + (round % 2) };

            var early = await stopping.RankAsync(request);
            var whole = await full.RankAsync(request);

            Assert.Equal(whole.Order.Take(topN), early.Order.Take(topN));
            Assert.Equal(Enumerable.Range(0, request.Candidates.Count), early.Order.Order());
            saved += whole.Usage.CompletionTokens - early.Usage.CompletionTokens;
        }

        // All of a window is needed when more places are wanted than it has.
        Assert.Equal(topN <= 20, saved > 0);
    }

    [Fact]
    public async Task Only_the_slice_asked_for_is_reordered()
    {
        using var scene = new RankingScene();
        var request = RankingScene.Request(Enumerable.Range(0, 60).Select(i => $"number {i}")) with { Strategy = "top-down", RankStart = 10, RankEnd = 50 };

        var result = await scene.RankAsync(request);

        Assert.Equal(Enumerable.Range(0, 10), result.Order.Take(10));
        Assert.Equal([49, 48, 47], result.Order.Skip(10).Take(3));
        Assert.Equal(Enumerable.Range(50, 10), result.Order.Skip(50));
    }

    [Fact]
    public async Task Without_time_for_all_rounds_sliding_windows_do_what_they_can()
    {
        using var scene = await LearntAsync();
        var (request, _) = TopDown(100, seed: 2);
        var full = (await scene.RankAsync(request)).Timings.Total;

        var result = await scene.RankAsync(request with { Query = "asked again", Timeout = full / 4 });

        Assert.Equal((RankingStatus.Partial, 9), (result.Status, result.WindowsTotal));
        Assert.Equal((0, 20), (result.Windows[^1].Start, result.Windows[^1].End));
        Assert.InRange(result.Windows.Count, 1, 4);
        Assert.Contains("sliding windows were used", result.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_the_deadline_the_answer_is_in_time_and_whole()
    {
        using var scene = await LearntAsync();
        for (var timeout = 0.1; timeout < 40; timeout *= 1.2)
        {
            var (request, _) = TopDown(100, seed: (int)(timeout * 100));
            var start = scene.Clock.Elapsed;

            var result = await scene.RankAsync(request with { Timeout = TimeSpan.FromSeconds(timeout) });

            // The fake engine has the windows of a round one after another, so a round may be cut: that takes no more time either.
            Assert.InRange(scene.Clock.Elapsed - start, TimeSpan.Zero, TimeSpan.FromSeconds(timeout));
            Assert.Equal(Enumerable.Range(0, 100), result.Order.Order());
        }
    }

    [Fact]
    public async Task One_failing_window_stops_the_others_of_its_round()
    {
        using var scene = new RankingScene();
        scene.Engine.Gate = new FakeGate();
        var (request, _) = TopDown(75, seed: 1);
        var ranking = scene.RankAsync(request);
        await scene.Engine.Gate.ArrivalAsync();
        scene.Engine.Gate.Open();
        for (var block = 0; block < 3; block++)
            await scene.Engine.Gate.ArrivalAsync();

        scene.Engine.FailNext(new GenerationFailedException("It broke."));
        scene.Engine.Gate.Open();

        await Assert.ThrowsAsync<GenerationFailedException>(() => ranking.WaitAsync(TestTimeouts.Patience));
        for (var window = 0; window < 4; window++)
            await scene.Engine.DepartureAsync();
        Assert.Equal(0, scene.Engine.Running);
    }

    [Fact]
    public async Task Candidates_that_the_model_finds_equal_to_the_pivot_stay_behind_it()
    {
        using var scene = new RankingScene();
        scene.Engine.Rank = passages => [.. Enumerable.Range(0, passages.Count)];
        var request = RankingScene.Request(Enumerable.Repeat("the same", 100)) with { Strategy = "top-down" };

        var result = await scene.RankAsync(request);

        Assert.Equal(Enumerable.Range(0, 10), result.Order.Take(10));
        Assert.Equal(1 + 5, result.Windows.Count); // nobody joined the pool, so it needn't be ranked
        Assert.Empty(result.Warnings);
    }

    private static (RankingRequest Request, int[] Best) TopDown(int count, int seed)
    {
        var (request, best) = RankingScene.Shuffled(count, seed);
        return (request with { Strategy = "top-down" }, best);
    }

    private static async Task<RankingScene> LearntAsync()
    {
        var scene = new RankingScene();
        scene.Engine.Clock = scene.Clock;
        scene.Engine.Thought = string.Join(' ', Enumerable.Repeat("hm", 200));
        await scene.RankAsync(TopDown(100, seed: 1_000).Request);
        return scene;
    }
}
