using ReasonRank.Engines;
using ReasonRank.Prompting;
using ReasonRank.Ranking;

namespace ReasonRank.Tests.Ranking;

public class WorkEstimateTests
{
    [Fact]
    public void Without_experience_the_budget_is_the_estimate()
    {
        var estimate = new WorkEstimate();

        Assert.Equal(3_072, estimate.MostReasoning(20, 3_072));
        Assert.Equal(3_072, Window(estimate).Reasoning);
    }

    [Fact]
    public void Experience_bounds_the_estimate_and_so_does_the_budget()
    {
        var estimate = new WorkEstimate();
        for (var tokens = 1; tokens <= 100; tokens++)
            estimate.Record(Generated(FinishReason.Stop, tokens), letters: 400, passages: 10, identifiers: 10, budget: 3_072);

        Assert.Equal(90, estimate.MostReasoning(10, 3_072));
        Assert.Equal(180, estimate.MostReasoning(20, 3_072));
        Assert.Equal(15, Window(estimate).Reasoning);
        Assert.Equal(40, estimate.MostReasoning(10, 40));
    }

    [Fact]
    public void Reasoning_cut_by_small_budgets_does_not_pass_for_short_reasoning()
    {
        var estimate = new WorkEstimate();
        estimate.Record(Generated(FinishReason.Stop, 700), 400, 10, 10, budget: 3_072);
        for (var i = 0; i < 50; i++)
        {
            estimate.Record(Generated(FinishReason.Budget, 64), 400, 10, 10, budget: 64);
            estimate.Record(Generated(FinishReason.Stop, 0), 400, 10, 10, budget: 0);
        }

        Assert.Equal(700, estimate.MostReasoning(10, 3_072));
    }

    [Fact]
    public void Reasoning_that_was_cut_late_counts()
    {
        var estimate = new WorkEstimate();
        estimate.Record(Generated(FinishReason.Stop, 700), 400, 10, 10, budget: 3_072);
        for (var i = 0; i < 20; i++)
            estimate.Record(Generated(FinishReason.Budget, 3_072), 400, 10, 10, budget: 3_072);

        Assert.Equal(3_072, estimate.MostReasoning(10, 3_072));
    }

    [Fact]
    public void The_size_of_a_window_follows_its_texts_and_its_answer()
    {
        var estimate = new WorkEstimate();
        estimate.Record(Generated(FinishReason.Stop, 10, prompt: 2_000, answerSteps: 30), letters: 4_000, passages: 5, identifiers: 10, budget: 100);

        var load = Window(estimate);

        // Half a token a letter: 200 for the short passage, 512 at most for the long one, and the words around them.
        Assert.InRange(load.PromptTokens, 712, 712 + 800);
        Assert.Equal(6, load.AnswerSteps);
        Assert.Equal(4, load.Reasoning);
    }

    /// <summary>Two passages, a short one and one longer than prompts show, of which both identifiers are needed.</summary>
    private static WindowLoad Window(WorkEstimate estimate)
    {
        var job = RankingJob.Resolve(
            RankingScene.Request(new string('a', 394), new string('b', 100_000)), new RankingOptions(), PromptProfile.ReasonRank, "model");
        return estimate.Window(job, [.. job.Request.Candidates], identifiers: 2);
    }

    private static Generation Generated(FinishReason finish, int reasoning, int prompt = 100, int answerSteps = 10) => new(
        "",
        finish,
        new GenerationUsage { PromptTokens = prompt, ReasoningTokens = reasoning, AnswerSteps = answerSteps, DecodeSteps = reasoning + answerSteps },
        new GenerationTimings(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero));
}
