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
    public async Task A_wrong_answer_is_repaired_and_said_to_be()
    {
        using var scene = new RankingScene();
        scene.Engine.Say("<think>\nhm\n</think>\n\n<answer>[3] > [3] > [9]</answer>");

        var result = await scene.RankAsync(RankingScene.Request("a", "b", "c") with { Constrain = false });

        Assert.Equal([2, 0, 1], result.Order);
        Assert.Equal(AnswerStatus.Repaired, result.Windows[0].Status);
        Assert.Equal(1, scene.Probe.Sum("reasonrank.windows", "status=repaired,finish=stop"));
    }

    [Fact]
    public async Task A_window_without_an_answer_keeps_its_order_and_says_so()
    {
        using var scene = new RankingScene();
        scene.Engine.Say("<think>\nhm\n</think>\n\n<answer>none of them</answer>");

        var result = await scene.RankAsync(RankingScene.Request("number 1", "number 2") with { Constrain = false });

        Assert.Equal([0, 1], result.Order);
        Assert.Equal(AnswerStatus.Fallback, result.Windows[0].Status);
        Assert.Contains("1 of 1 windows kept their order", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_in_a_cut_thought_are_no_ranking()
    {
        using var scene = new RankingScene(options => options.FreeAnswerTokens = 16);
        scene.Engine.Say("<think>\nPassage [2] beats [1] " + string.Join(' ', Enumerable.Repeat("[2]", 100)));

        var result = await scene.RankAsync(RankingScene.Request("a", "b") with { Constrain = false, ReasoningBudget = 10 });

        Assert.Equal([0, 1], result.Order);
        Assert.Equal((AnswerStatus.Truncated, FinishReason.Length), (result.Windows[0].Status, result.Windows[0].Finish));
    }

    [Fact]
    public async Task An_answer_is_constrained_unless_the_client_says_otherwise()
    {
        using var scene = new RankingScene();

        await scene.RankAsync(RankingScene.Request("1", "2", "3"));
        await scene.RankAsync(RankingScene.Request("1", "2", "3") with { Constrain = false });

        Assert.Equal(new PermutationAnswer(3), scene.Engine.Requests[0].Answer);
        Assert.Null(scene.Engine.Requests[1].Answer);
        Assert.Equal(scene.Options.FreeAnswerTokens, scene.Engine.Requests[1].FreeAnswerTokens);
    }

    [Fact]
    public async Task The_budget_bounds_the_thought_of_every_window()
    {
        using var scene = new RankingScene();
        scene.Engine.Thought = string.Join(' ', Enumerable.Repeat("hm", 500));
        var (request, _) = RankingScene.Shuffled(30, seed: 1);

        var result = await scene.RankAsync(request with { ReasoningBudget = 40 });

        Assert.Equal(80, result.Usage.ReasoningTokens);
        Assert.Equal(40, result.Usage.ReasoningBudget);
        Assert.All(result.Windows, window => Assert.Equal(FinishReason.Budget, window.Finish));
    }

    [Fact]
    public async Task Think_free_rankings_have_no_thought()
    {
        using var scene = new RankingScene(profile: PromptProfile.ReasonRankQwen3);

        var result = await scene.RankAsync(RankingScene.Request("1", "2") with { ReasoningBudget = 0 });

        Assert.Equal([1, 0], result.Order);
        Assert.Equal(new Reasoning(0, "<think>\n\n</think>\n\n<answer>"), scene.Engine.Requests[0].Reasoning);
        Assert.Equal("", result.Windows[0].Text);
    }

    [Fact]
    public async Task The_reasoning_shrinks_before_any_passage_is_cut()
    {
        using var scene = new RankingScene();
        var words = string.Join(' ', Enumerable.Repeat("word", 500));

        var result = await scene.RankAsync(
            RankingScene.Request(Enumerable.Range(0, 20).Select(i => $"{i} {words}")) with { ReasoningBudget = 10_000 });

        var request = Assert.Single(scene.Engine.Requests);
        Assert.InRange(request.Reasoning.Budget, 64, 9_999);
        Assert.Equal(scene.Engine.Info.ContextTokens, scene.Engine.CountTokens(request.Prompt) + request.CompletionReserve);
        Assert.Equal(request.Reasoning.Budget, result.Usage.ReasoningBudget);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public async Task Passages_that_cannot_fit_are_cut_with_a_warning()
    {
        using var scene = new RankingScene();
        var words = string.Join(' ', Enumerable.Repeat("word", 2_000));

        var result = await scene.RankAsync(
            RankingScene.Request(Enumerable.Range(0, 20).Select(i => $"{i} {words}")) with { MaxPassageTokens = 2_000 });

        Assert.Equal(Enumerable.Range(0, 20).Reverse(), result.Order);
        Assert.Contains("cut to", Assert.Single(result.Warnings), StringComparison.Ordinal);
        // The least reasoning, and the few tokens that cutting whole tokens leaves over.
        Assert.InRange(result.Usage.ReasoningBudget, 64, 84);
    }

    [Fact]
    public async Task A_query_that_fills_the_context_is_refused_by_its_name()
    {
        using var scene = new RankingScene();
        var query = string.Join(' ', Enumerable.Repeat("word", 20_000));

        var refusal = await Assert.ThrowsAsync<PromptTooLongException>(
            () => scene.RankAsync(RankingScene.Request("a", "b") with { Query = query, OnError = FailurePolicy.Passthrough }));

        Assert.Equal("query", refusal.Field);
    }

    [Fact]
    public async Task Sampling_comes_from_the_client_else_from_the_profile()
    {
        using var scene = new RankingScene(profile: PromptProfile.ReasonRankQwen3);

        await scene.RankAsync(RankingScene.Request("1", "2"));
        await scene.RankAsync(RankingScene.Request("1", "2") with { Temperature = 0, Seed = 7 });

        Assert.Equal(new Sampling(0.6f, 20, 0.95f), scene.Engine.Requests[0].Sampling);
        Assert.Equal(new Sampling(0, 20, 0.95f), scene.Engine.Requests[1].Sampling);
        Assert.Equal(7u, scene.Engine.Requests[1].Seed);
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
