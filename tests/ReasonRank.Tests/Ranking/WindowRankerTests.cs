using ReasonRank.Engines;
using ReasonRank.Prompting;
using ReasonRank.Ranking;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Ranking;

public class WindowRankerTests
{
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
}
