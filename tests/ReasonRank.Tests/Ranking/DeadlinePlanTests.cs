using ReasonRank.Ranking;

namespace ReasonRank.Tests.Ranking;

public class DeadlinePlanTests
{
    /// <summary>Nine windows of 2 s, half a second of it for the answer; a token takes 10 ms and a reasoning usually 400 of them: 54 s.</summary>
    private static readonly WindowCost[] Nine = [.. Enumerable.Repeat(new WindowCost(Fixed: 2, Answer: 0.5), 9)];

    [Theory]
    [InlineData(DeadlinePlanKind.SmallerBudgets)]
    [InlineData(DeadlinePlanKind.FewerWindows)]
    [InlineData(DeadlinePlanKind.HeadFirst)]
    [InlineData(DeadlinePlanKind.AllOrNothing)]
    internal void With_time_enough_every_window_may_think_as_asked(DeadlinePlanKind kind)
    {
        var plan = Plan(kind, 60);

        Assert.Equal(Enumerable.Range(0, 9), plan.Windows);
        Assert.Equal(1_000, plan.Budget);
        // The eight windows to come keep 6 s each, the answer half a second.
        Assert.Equal(60 - 48 - 0.5, plan.CloseAfter, 6);
    }

    [Fact]
    public void Smaller_budgets_keep_every_window_as_long_as_they_can_think()
    {
        var plan = Plan(DeadlinePlanKind.SmallerBudgets, 36);

        Assert.Equal(9, plan.Windows.Count);
        Assert.Equal(200, plan.Budget);
        Assert.Equal(3.5, plan.CloseAfter, 6);
    }

    [Fact]
    public void Smaller_budgets_leave_out_the_tail_before_thinking_next_to_nothing()
    {
        var plan = Plan(DeadlinePlanKind.SmallerBudgets, 20);

        Assert.Equal([3, 4, 5, 6, 7, 8], plan.Windows);
        Assert.Equal(133, plan.Budget);
    }

    [Fact]
    public void Fewer_windows_keep_those_next_to_the_head()
    {
        var plan = Plan(DeadlinePlanKind.FewerWindows, 20);

        Assert.Equal([6, 7, 8], plan.Windows);
        Assert.Equal(400, plan.Budget);
    }

    [Fact]
    public void The_head_can_come_first_and_then_again()
    {
        var plan = Plan(DeadlinePlanKind.HeadFirst, 20);

        Assert.Equal([8, 7, 8], plan.Windows);
        Assert.Equal(400, plan.Budget);
        Assert.Equal([8], Plan(DeadlinePlanKind.HeadFirst, 13).Windows);
    }

    [Theory]
    [InlineData(DeadlinePlanKind.SmallerBudgets)]
    [InlineData(DeadlinePlanKind.FewerWindows)]
    [InlineData(DeadlinePlanKind.HeadFirst)]
    internal void A_last_window_gets_what_is_left(DeadlinePlanKind kind)
    {
        var plan = Plan(kind, 2.3);

        Assert.Equal([8], plan.Windows);
        Assert.Equal(30, plan.Budget, tolerance: 1);
        Assert.Equal(1.8, plan.CloseAfter, 6);
        Assert.Empty(Plan(kind, 1.9).Windows);
    }

    [Fact]
    public void All_or_nothing_runs_every_window_or_none()
    {
        var plan = Plan(DeadlinePlanKind.AllOrNothing, 18.9);

        Assert.Equal(9, plan.Windows.Count);
        Assert.Equal(10, plan.Budget, tolerance: 1);
        Assert.Empty(Plan(DeadlinePlanKind.AllOrNothing, 17.9).Windows);
    }

    [Fact]
    public void No_plan_promises_more_time_than_there_is()
    {
        var random = new Random(3);
        for (var round = 0; round < 5_000; round++)
        {
            var windows = Enumerable.Range(0, random.Next(1, 12)).Select(_ => new WindowCost(random.NextDouble() * 3, 0)).ToArray();
            var token = random.NextDouble() / 50;
            var typical = random.Next(0, 900);
            var seconds = random.NextDouble() * 40;
            var kind = (DeadlinePlanKind)random.Next(4);

            var plan = DeadlinePlan.Make(kind, seconds, windows, token, typical + random.Next(0, 500), typical);

            if (plan.Windows.Count == 0)
                continue;
            // Whatever the first window is promised ends before it is closed, and the others have theirs after that.
            Assert.True(windows[plan.Windows[0]].Fixed + (Math.Min(plan.Budget, typical) * token) <= plan.CloseAfter + 1e-9);
            Assert.True(plan.CloseAfter + plan.Windows.Skip(1).Sum(index => windows[index].Fixed) <= seconds + 1e-9);
        }
    }

    private static DeadlinePlan Plan(DeadlinePlanKind kind, double seconds) =>
        DeadlinePlan.Make(kind, seconds, Nine, token: 0.01, budget: 1_000, typical: 400);
}
