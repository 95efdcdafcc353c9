using ReasonRank.Engines;
using ReasonRank.Prompting;

namespace ReasonRank.Tests.Prompting;

public class PassageBudgetTests
{
    [Theory]
    [InlineData(3072, 1000, 3072)]
    [InlineData(3072, 6000, 1900)]
    [InlineData(3072, 7836, 64)]
    [InlineData(3072, 7837, null)]
    [InlineData(10, 7890, 10)]
    [InlineData(10, 7891, null)]
    [InlineData(0, 7900, 0)]
    [InlineData(0, 7901, null)]
    public void The_reasoning_gives_way_down_to_64_tokens(int asked, int prompt, int? expected) =>
        Assert.Equal(expected, new PassageBudget(context: 8000, answerReserve: 100, asked).Reasoning(prompt));

    [Fact]
    public void Then_the_longest_passages_are_cut_to_one_length()
    {
        // 1000 - 100 - 64 leaves 836 for the prompt, 300 of which aren't passages: 536 for these.
        var limit = new PassageBudget(1000, 100, 3072).PassageLimit(new PromptCost(300 + 20 + 100 + 400 + 500, 20, [20, 500, 100, 400]), tried: null);

        Assert.Equal((536 - 20 - 100) / 2, limit);
    }

    [Theory]
    [InlineData(1000, 182)]
    [InlineData(840, 217)]
    public void What_was_tried_in_vain_is_tightened_whatever_the_lengths_promise(int prompt, int expected)
    {
        // By their lengths the passages may keep 400 tokens each and more.
        var limit = new PassageBudget(1000, 100, 3072).PassageLimit(new PromptCost(prompt, 20, [500, 500]), tried: 218);

        Assert.Equal(expected, limit);
    }

    [Fact]
    public void Nothing_is_tightened_below_the_floor()
    {
        var cost = new PromptCost(1000, 20, [500, 500]);

        Assert.Throws<PromptTooLongException>(() => new PassageBudget(1000, 100, 3072).PassageLimit(cost, PassageBudget.LeastPassage));
    }

    [Theory]
    [InlineData(1000, 1400, "query")]
    [InlineData(300, 400, "query")]
    [InlineData(20, 700, "window_size")]
    public void Below_the_floor_the_request_is_refused_and_the_cause_named(int query, int overhead, string field)
    {
        var cost = new PromptCost(overhead + 100, query, [50, 50]);

        var refusal = Assert.Throws<PromptTooLongException>(() => new PassageBudget(500, 30, 3072).PassageLimit(cost, tried: null));

        Assert.Equal(field, refusal.Field);
    }
}
