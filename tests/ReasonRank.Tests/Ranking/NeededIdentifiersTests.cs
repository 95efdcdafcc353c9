using ReasonRank.Ranking;

namespace ReasonRank.Tests.Ranking;

public class NeededIdentifiersTests
{
    [Theory]
    [InlineData(1, new[] { 10, 10, 1 })]
    [InlineData(10, new[] { 10, 10, 10 })]
    [InlineData(15, new[] { 10, 10, 15 })]
    [InlineData(25, new[] { 10, 15, 20 })]
    [InlineData(40, new[] { 20, 20, 20 })]
    public void A_window_gives_what_the_next_one_takes_over_and_what_stays_at_the_top(int topN, int[] needed) =>
        Assert.Equal(needed, NeededIdentifiers.Of(WindowSchedule.Plan(40, 20, 10), lastPass: 0, topN));

    [Fact]
    public void A_window_that_gives_nothing_is_not_needed() =>
        Assert.Equal([0, 0, 3], NeededIdentifiers.Of(WindowSchedule.Plan(60, 20, 20), lastPass: 0, topN: 3));

    [Fact]
    public void Earlier_passes_are_needed_whole() =>
        Assert.Equal([20, 20, 10, 3], NeededIdentifiers.Of(WindowSchedule.Plan(30, 20, 10, passes: 2), lastPass: 2, topN: 3));

    [Fact]
    public void Nothing_is_needed_for_places_before_the_slice() =>
        Assert.Equal([0, 0], NeededIdentifiers.Of(WindowSchedule.Plan(40, 20, 10, rankStart: 10), lastPass: 0, topN: 10));
}
