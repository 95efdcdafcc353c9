using System.Collections.Concurrent;

namespace ReasonRank.Tests.Cli;

/// <summary>A clock on which every wait is over at once, and has taken its time.</summary>
internal sealed class SkippingClock : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = new();

    public IReadOnlyList<TimeSpan> Waits => [.. _waits];

    public override DateTimeOffset GetUtcNow() =>
        new DateTimeOffset(2025, 11, 21, 0, 0, 0, TimeSpan.Zero) + TimeSpan.FromTicks(_waits.Sum(wait => wait.Ticks));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _waits.Enqueue(dueTime);
        callback(state);
        return new Over();
    }

    private sealed class Over : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
