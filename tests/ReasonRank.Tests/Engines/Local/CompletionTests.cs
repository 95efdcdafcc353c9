using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.Prompting;
using ReasonRank.TestSupport;
using ReasonRank.Tests.Engines.Local.Answers;

namespace ReasonRank.Tests.Engines.Local;

/// <summary>How a completion moves from its reasoning to its answer to its end, whatever the model would rather write.</summary>
public class CompletionTests
{
    private const string Head = "<think>\nhm";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task A_budget_that_is_used_up_closes_the_reasoning(int budget)
    {
        var reasoning = string.Concat(Enumerable.Repeat("hm, ", 100));

        var generation = await GenerateAsync(reasoning, EngineRun.Request("x", budget, count: 5));

        Assert.StartsWith(reasoning[..budget] + EngineRun.CloseText, generation.Text);
        Assert.True(AnswerTexts.IsInLanguage(Answer(generation), 5), generation.Text);
        Assert.Equal((FinishReason.Budget, budget), (generation.Finish, generation.Usage.ReasoningTokens));
    }

    [Theory]
    [InlineData("reasonrank")]
    [InlineData("reasonrank-qwen3")]
    public async Task With_a_budget_of_0_the_think_free_text_of_the_profile_stands_in_place_of_the_reasoning(string name)
    {
        var profile = PromptProfile.Find(name)!;
        var request = EngineRun.Request("x", count: 3) with { Reasoning = profile.Reason(budget: 0) };

        var generation = await GenerateAsync(profile.ThinkFreeText + " [2] > [3] > [1]\n</answer>", request);

        Assert.Equal(profile.ThinkFreeText + " [2] > [3] > [1]\n</answer>", generation.Text);
        Assert.Equal((FinishReason.Stop, 0), (generation.Finish, generation.Usage.ReasoningTokens));
    }

    [Theory]
    [InlineData(Head, Head + EngineRun.CloseText)]
    [InlineData(Head + "</thi", Head + "</thi" + EngineRun.CloseText)]
    [InlineData(Head + " <answer>2, then 1", Head + " <answer>" + EngineRun.CloseText)]
    [InlineData("<answer>[2] > [1]</answer>", "<answer>[" + EngineRun.CloseText)] // ">[" is one token
    public async Task The_end_of_generation_or_a_bare_answer_tag_closes_the_reasoning(string wanted, string expected)
    {
        var generation = await GenerateAsync(wanted, EngineRun.Request("x", budget: 64, count: 4));

        Assert.StartsWith(expected, generation.Text);
        Assert.True(AnswerTexts.IsInLanguage(Answer(generation), 4), generation.Text);
        Assert.Equal(FinishReason.Stop, generation.Finish);
    }

    [Fact]
    public async Task A_close_token_is_kept_with_what_it_adds_where_that_is_in_the_language()
    {
        const string wanted = Head + "</think>\n\n<answer>[2]>[1]</answer>"; // ">\n\n" is one token

        var generation = await GenerateAsync(wanted, EngineRun.Request("x", budget: 64, count: 2));

        Assert.Equal(wanted, generation.Text);
    }

    [Fact]
    public async Task A_close_token_that_adds_what_is_no_answer_gives_way_to_the_likeliest_that_does()
    {
        var generation = await GenerateAsync(Head + "</think>[2] > [1]", EngineRun.Request("x", budget: 64, count: 2)); // ">[" is one token

        Assert.StartsWith(Head + "</think>", generation.Text);
        Assert.True(AnswerTexts.IsInLanguage(Answer(generation), 2), generation.Text);
        Assert.Equal(FinishReason.Stop, generation.Finish);
    }

    [Fact]
    public async Task The_reasoning_is_closed_when_its_time_is_up()
    {
        var clock = new ManualTimeProvider();
        var runtime = new ScriptedRuntime(ScriptedRuntime.Endless);
        await using var engine = EngineRun.Start(runtime, time: clock);
        var closeAt = clock.GetTimestamp() + clock.TimestampFrequency;
        var begun = runtime.HoldNextDecode();
        var request = EngineRun.Request("x", count: 4) with { Reasoning = new Reasoning(500, EngineRun.CloseText, closeAt) };

        var generating = engine.CompleteAsync(request);
        await begun;
        for (var step = 0; step < 3; step++)
            await runtime.StepAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        runtime.Release();

        var generation = await generating;
        Assert.Equal((FinishReason.Deadline, 3), (generation.Finish, generation.Usage.ReasoningTokens));
        Assert.Equal(EngineRun.CloseText, generation.Text.Substring(3, EngineRun.CloseText.Length));
        Assert.True(AnswerTexts.IsInLanguage(Answer(generation), 4), generation.Text);
    }

    [Theory]
    [InlineData(Head + "</think>\n<answer>[1]</answer>, and so on")]
    [InlineData(Head + ": no close at all")]
    [InlineData("<answer>[7] and [7]</answer> <answer>, then</think>[9]")]
    public async Task A_free_completion_is_what_the_model_wants_up_to_its_end_of_generation(string wanted)
    {
        var generation = await GenerateAsync(wanted, EngineRun.Request("x", budget: 64));

        Assert.Equal(wanted, generation.Text);
        Assert.Equal(FinishReason.Stop, generation.Finish);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(0)]
    public async Task A_free_completion_is_cut_where_its_room_ends(int budget)
    {
        var request = EngineRun.Request("x", budget);
        await using var engine = EngineRun.Start(new ScriptedRuntime(ScriptedRuntime.Endless));

        var generation = await engine.CompleteAsync(request);

        Assert.Equal(FinishReason.Length, generation.Finish);
        Assert.Equal(request.CompletionReserve, generation.Usage.CompletionTokens);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public async Task What_is_stopped_early_is_the_head_of_the_full_answer(int stopAfter)
    {
        var request = EngineRun.Request("x", budget: 5, count: 11);
        await using var engine = EngineRun.Start(new ScriptedRuntime());

        var full = await engine.CompleteAsync(request);
        var head = await engine.CompleteAsync(request with { Answer = new PermutationAnswer(11, stopAfter) });

        Assert.StartsWith(head.Text, full.Text);
        Assert.EndsWith("]", head.Text);
        Assert.Equal(stopAfter, Answer(head).Count(letter => letter == ']'));
        Assert.True(head.Usage.CompletionTokens < full.Usage.CompletionTokens);
    }

    private static string Answer(Generation generation) => generation.Text[generation.Text.LastIndexOf("</think>", StringComparison.Ordinal)..];

    private static async Task<Generation> GenerateAsync(string wanted, GenerationRequest request)
    {
        var runtime = new ScriptedRuntime(new WantedText(new ScriptedVocabulary(), _ => wanted).Fill);
        await using var engine = EngineRun.Start(runtime);
        return await engine.CompleteAsync(request);
    }
}
