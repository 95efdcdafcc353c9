using ReasonRank.Engines;
using ReasonRank.Prompting;
using ReasonRank.Ranking;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Ranking;

public class RerankerTests
{
    [Fact]
    public async Task Few_passages_are_ranked_in_one_window()
    {
        using var scene = new RankingScene();

        var result = await scene.RankAsync(RankingScene.Request("number 3", "number 11", "number 7"));

        Assert.Equal([1, 2, 0], result.Order);
        Assert.Equal(RankingStatus.Complete, result.Status);
        Assert.Equal("fake", result.ServedModel);
        Assert.Equal("reasonrank", result.Profile);
        var window = Assert.Single(result.Windows);
        Assert.Equal((0, 0, 3, AnswerStatus.Ok, FinishReason.Stop), (window.Window, window.Start, window.End, window.Status, window.Finish));
        Assert.Equal("[2] > [3] > [1]", window.Answer);
        Assert.Equal(scene.Engine.Thought, window.Text);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public async Task The_best_of_many_climb_to_the_top_from_anywhere()
    {
        using var scene = new RankingScene();
        var (request, best) = RankingScene.Shuffled(100, seed: 3);

        var result = await scene.RankAsync(request);

        Assert.Equal(9, result.Windows.Count);
        Assert.Equal(9, result.WindowsTotal);
        Assert.Equal(best.Take(10), result.Order.Take(10));
        Assert.Equal(Enumerable.Range(0, 100), result.Order.Order());
    }

    [Fact]
    public async Task Only_the_slice_asked_for_is_reordered()
    {
        using var scene = new RankingScene();
        var request = RankingScene.Request(Enumerable.Range(0, 50).Select(i => $"number {i}")) with { RankStart = 10, RankEnd = 40 };

        var result = await scene.RankAsync(request);

        Assert.Equal(Enumerable.Range(0, 10), result.Order.Take(10));
        Assert.Equal(Enumerable.Range(30, 10).Reverse(), result.Order.Skip(10).Take(10));
        Assert.Equal(Enumerable.Range(40, 10), result.Order.Skip(40));
        Assert.Equal([(20, 40), (10, 30)], result.Windows.Select(window => (window.Start, window.End)));
    }

    [Fact]
    public async Task More_passes_sort_deeper()
    {
        using var scene = new RankingScene();
        var (request, best) = RankingScene.Shuffled(40, seed: 5);

        var result = await scene.RankAsync(request with { Passes = 3 });

        Assert.Equal(9, result.Windows.Count);
        Assert.Equal(best.Take(30), result.Order.Take(30));
    }

    [Fact]
    public async Task A_single_candidate_is_answered_without_the_model()
    {
        using var scene = new RankingScene();

        var result = await scene.RankAsync(RankingScene.Request("alone"));

        Assert.Equal([0], result.Order);
        Assert.Equal(RankingStatus.Complete, result.Status);
        Assert.Empty(scene.Engine.Requests);
    }

    [Fact]
    public async Task A_window_of_one_passage_is_not_worth_a_generation()
    {
        using var scene = new RankingScene();
        var (request, _) = RankingScene.Shuffled(21, seed: 1);

        var result = await scene.RankAsync(request with { Stride = 20 });

        Assert.Equal([(1, 21)], result.Windows.Select(window => (window.Start, window.End)));
    }

    [Fact]
    public async Task Blank_candidates_are_ranked_with_a_warning()
    {
        using var scene = new RankingScene();

        var result = await scene.RankAsync(RankingScene.Request("", "number 2", " \n"));

        Assert.Equal([1, 0, 2], result.Order);
        Assert.Contains("0, 2", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Equal_candidates_keep_their_own_places()
    {
        using var scene = new RankingScene();

        var result = await scene.RankAsync(RankingScene.Request("number 1", "number 5", "number 5", "number 1"));

        Assert.Equal([1, 2, 0, 3], result.Order);
    }

    [Fact]
    public async Task A_window_larger_than_the_trained_one_is_warned_about()
    {
        using var scene = new RankingScene();
        var (request, best) = RankingScene.Shuffled(25, seed: 2);

        var result = await scene.RankAsync(request with { WindowSize = 25 });

        Assert.Equal(best, result.Order);
        Assert.Contains("window_size 25", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_engine_is_an_error_unless_the_client_takes_the_input_order()
    {
        using var scene = new RankingScene();
        scene.Engine.FailNext(new GenerationFailedException("It broke."));
        scene.Engine.FailNext(new GenerationFailedException("It broke."));
        var request = RankingScene.Request("number 1", "number 2");

        await Assert.ThrowsAsync<GenerationFailedException>(() => scene.RankAsync(request));
        var result = await scene.RankAsync(request with { OnError = FailurePolicy.Passthrough });

        Assert.Equal([0, 1], result.Order);
        Assert.Equal(RankingStatus.Fallback, result.Status);
        Assert.Contains("It broke.", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(1, scene.Probe.Sum("reasonrank.requests", "status=error"));
        Assert.Equal(1, scene.Probe.Sum("reasonrank.requests", "status=fallback"));
    }

    [Fact]
    public async Task What_no_engine_could_rank_is_counted_as_the_clients_mistake()
    {
        using var scene = new RankingScene();
        scene.Engine.FailNext(new PromptTooLongException("It is too long."));
        var request = RankingScene.Request("number 1", "number 2");

        await Assert.ThrowsAsync<PromptTooLongException>(() => scene.RankAsync(request));
        await Assert.ThrowsAsync<InvalidRequestException>(() => scene.RankAsync(request with { WindowSize = 1 }));

        Assert.Equal(2, scene.Probe.Sum("reasonrank.requests", "status=invalid"));
        Assert.Equal(2, scene.Probe.Sum("reasonrank.requests"));
    }

    [Fact]
    public async Task A_client_that_leaves_frees_its_place()
    {
        using var scene = new RankingScene(options => options.MaxActive = 1);
        scene.Engine.Gate = new FakeGate();
        using var leaving = new CancellationTokenSource();
        var left = scene.RankAsync(RankingScene.Request("number 1", "number 2"), leaving.Token);
        await scene.Engine.Gate.ArrivalAsync();
        var waiting = scene.RankAsync(RankingScene.Request("number 1", "number 3"));

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await scene.Engine.Gate.ArrivalAsync();
        scene.Engine.Gate.Open();
        Assert.Equal([1, 0], (await waiting).Order);
    }

    [Fact]
    public async Task An_unknown_strategy_is_refused_by_its_name()
    {
        using var scene = new RankingScene();

        var refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => scene.RankAsync(RankingScene.Request("1", "2") with { Strategy = "bogo" }));

        Assert.Equal("strategy", refusal.Field);
    }

    [Fact]
    public async Task A_watcher_sees_windows_begin_think_and_end()
    {
        using var scene = new RankingScene();
        var (request, _) = RankingScene.Shuffled(30, seed: 1);
        var events = new List<RankingEvent>();

        var result = await scene.Reranker.RankAsync(request, events.Add, CancellationToken.None);

        Assert.Equal(
            [new(0, 2, 10, 30), new(1, 2, 0, 20)], events.OfType<RankingEvent.WindowStarted>());
        Assert.Equal(result.Windows, events.OfType<RankingEvent.WindowRanked>().Select(ranked => ranked.Trace));
        Assert.Equal(result.Order, events.OfType<RankingEvent.WindowRanked>().Last().Order);
        var text = string.Concat(events.OfType<RankingEvent.ReasoningDelta>().Where(delta => delta.Window == 0).Select(delta => delta.Text));
        Assert.StartsWith("<think>\n" + scene.Engine.Thought, text, StringComparison.Ordinal);
        Assert.EndsWith("</answer>", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_streamed_when_nobody_watches()
    {
        using var scene = new RankingScene();

        await scene.RankAsync(RankingScene.Request("1", "2"));

        Assert.False(scene.Engine.Requests[0].Stream);
    }

    [Fact]
    public async Task Usage_and_times_are_summed_over_the_windows()
    {
        using var scene = new RankingScene();
        scene.Engine.Clock = scene.Clock;
        var (request, _) = RankingScene.Shuffled(30, seed: 1);

        var result = await scene.RankAsync(request);

        Assert.Equal(scene.Engine.Requests.Sum(window => scene.Engine.CountTokens(window.Prompt)), result.Usage.PromptTokens);
        Assert.Equal(scene.Engine.TokenTime * result.Usage.CompletionTokens, result.Timings.Decode);
        Assert.Equal(scene.Clock.Elapsed, result.Timings.Total);
        Assert.Equal(2, scene.Probe.Sum("reasonrank.windows"));
        Assert.Equal(scene.Clock.Elapsed.TotalSeconds, scene.Probe.Sum("reasonrank.request.duration", "status=complete"), 6);
    }
}
