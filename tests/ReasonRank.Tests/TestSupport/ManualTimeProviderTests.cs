using ReasonRank.TestSupport;

namespace ReasonRank.Tests.TestSupport;

public class ManualTimeProviderTests
{
    [Fact]
    public void Timers_fire_in_order_and_at_their_own_time()
    {
        var clock = new ManualTimeProvider();
        var fired = new List<(string Name, double Seconds)>();
        using var late = Timer("late", 3);
        using var early = Timer("early", 1);

        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal([("early", 1), ("late", 3)], fired);
        Assert.Equal(TimeSpan.FromSeconds(5), clock.GetElapsedTime(0));

        ITimer Timer(string name, double seconds) => clock.CreateTimer(
            _ => fired.Add((name, clock.Elapsed.TotalSeconds)), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public async Task A_cancellation_source_follows_the_clock()
    {
        var clock = new ManualTimeProvider();
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(2), clock);
        var delay = Task.Delay(TimeSpan.FromSeconds(1), clock);

        clock.Advance(TimeSpan.FromSeconds(1));

        await delay;
        Assert.False(source.IsCancellationRequested);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(source.IsCancellationRequested);
    }
}
