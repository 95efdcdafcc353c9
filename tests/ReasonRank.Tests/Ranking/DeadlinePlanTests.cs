using ReasonRank.Ranking;

namespace ReasonRank.Tests.Ranking;

public class DeadlinePlanTests
{
    /// <summary>Nine windows of 2 s, half a second of it for the answer, that usually reason for 4 s: 54 s.</summary>
    private static readonly WindowCost[] Nine = [.. Enumerable.Repeat(new WindowCost(Fixed: 2, Answer: 0.5, Reasoning: 4), 9)];

    [Theory]
    [InlineData(DeadlinePlanKind.FewerWindows)]
    [InlineData(DeadlinePlanKind.SmallerBudgets)]
    [InlineData(DeadlinePlanKind.HeadFirst)]
    [InlineData(DeadlinePlanKind.AllOrNothing)]
    internal void With_time_enough_every_window_may_think_as_asked(DeadlinePlanKind kind)
    {
        var plan = DeadlinePlan.Make(kind, 60, Nine);

        Assert.Equal(Enumerable.Range(0, 9), plan.Windows);
        Assert.Null(plan.Reasoning);
        // The eight windows to come keep 6 s each, the answer half a second.
        Assert.Equal(60 - 48 - 0.5, plan.CloseAfter, 6);
    }

    [Theory]
    [InlineData(54, true)]
    [InlineData(53.9, false)]
    public void Time_holds_the_windows_or_it_does_not(double seconds, bool holds) => Assert.Equal(holds, DeadlinePlan.Holds(seconds, Nine));

    [Fact]
    public void Smaller_budgets_keep_every_window_as_long_as_they_can_think()
    {
        var plan = DeadlinePlan.Make(DeadlinePlanKind.SmallerBudgets, 36, Nine);

        Assert.Equal(9, plan.Windows.Count);
        Assert.Equal(2, plan.Reasoning!.Value, 6);
        Assert.Equal(3.5, plan.CloseAfter, 6);
    }

    [Fact]
    public void Smaller_budgets_leave_out_the_tail_before_thinking_next_to_nothing()
    {
        var plan = DeadlinePlan.Make(DeadlinePlanKind.SmallerBudgets, 20, Nine);

        Assert.Equal([3, 4, 5, 6, 7, 8], plan.Windows);
        Assert.Equal(8.0 / 6, plan.Reasoning!.Value, 6);
    }

    [Fact]
    public void Fewer_windows_keep_those_next_to_the_head()
    {
        var plan = DeadlinePlan.Make(DeadlinePlanKind.FewerWindows, 20, Nine);

        Assert.Equal([6, 7, 8], plan.Windows);
        Assert.Null(plan.Reasoning);
        Assert.Equal(20 - 12 - 0.5, plan.CloseAfter, 6);
    }

    [Fact]
    public void The_head_can_come_first_and_then_again()
    {
        Assert.Equal([8, 7, 8], DeadlinePlan.Make(DeadlinePlanKind.HeadFirst, 20, Nine).Windows);
        Assert.Equal([8], DeadlinePlan.Make(DeadlinePlanKind.HeadFirst, 13, Nine).Windows);
    }

    [Theory]
    [InlineData(DeadlinePlanKind.FewerWindows)]
    [InlineData(DeadlinePlanKind.SmallerBudgets)]
    [InlineData(DeadlinePlanKind.HeadFirst)]
    internal void A_last_window_gets_what_is_left(DeadlinePlanKind kind)
    {
        var plan = DeadlinePlan.Make(kind, 2.3, Nine);

        Assert.Equal([8], plan.Windows);
        Assert.Equal(1.8, plan.CloseAfter, 6);
        Assert.Empty(DeadlinePlan.Make(kind, 1.9, Nine).Windows);
    }

    [Fact]
    public void All_or_nothing_runs_every_window_or_none()
    {
        var plan = DeadlinePlan.Make(DeadlinePlanKind.AllOrNothing, 18.9, Nine);

        Assert.Equal(9, plan.Windows.Count);
        Assert.Equal(0.1, plan.Reasoning!.Value, 6);
        Assert.Empty(DeadlinePlan.Make(DeadlinePlanKind.AllOrNothing, 17.9, Nine).Windows);
    }

    [Fact]
    public void No_plan_promises_more_time_than_there_is()
    {
        var random = new Random(3);
        for (var round = 0; round < 5_000; round++)
        {
            var windows = Enumerable.Range(0, random.Next(1, 12))
                .Select(_ => new WindowCost(random.NextDouble() * 3, 0, random.NextDouble() * 5))
                .ToArray();
            var seconds = random.NextDouble() * 40;

            var plan = DeadlinePlan.Make((DeadlinePlanKind)random.Next(4), seconds, windows);

            if (plan.Windows.Count == 0)
                continue;
            // The first window has its fixed part before it is closed, and the others have theirs after that.
            Assert.True(windows[plan.Windows[0]].Fixed + (plan.Reasoning ?? 0) <= plan.CloseAfter + 1e-9);
            Assert.True(plan.CloseAfter + plan.Windows.Skip(1).Sum(index => windows[index].Fixed) <= seconds + 1e-9);
        }
    }
}
