using ReasonRank.Diagnostics;

namespace ReasonRank.Ranking;

/// <summary>
/// Holds requests until it is their turn, as <see cref="AdmissionQueue"/> decides. A request keeps its place for all of
/// its windows, so one that got its first window isn't starved before its last. Thread-safe.
/// </summary>
/// <param name="jitter">Gives numbers in [0, 1) that spread the times at which refused clients come back.</param>
internal sealed class RankingGate(AdmissionQueue queue, TimeProvider time, ReasonRankTelemetry telemetry, Func<double> jitter)
{
    private const double JitterShare = 0.1;
    private readonly Lock _lock = new();
    private readonly Dictionary<RankingTicket, TaskCompletionSource> _waiters = [];
    private readonly long _epoch = time.GetTimestamp();

    /// <summary>Requests inside.</summary>
    public int Active
    {
        get
        {
            lock (_lock)
                return queue.Active;
        }
    }

    /// <summary>Waits for the ticket's turn. Whoever gets the place must dispose it.</summary>
    /// <param name="queued">Told how many requests are ahead when the ticket has to wait.</param>
    /// <exception cref="OverloadedException">The ticket was refused, or displaced while it waited.</exception>
    public async Task<IDisposable> EnterAsync(RankingTicket ticket, Action<int>? queued, CancellationToken cancellationToken)
    {
        Admission admission;
        TaskCompletionSource? turn = null;
        lock (_lock)
        {
            admission = queue.Offer(ticket, Now);
            if (admission is Admission.Waiting)
                _waiters.Add(ticket, turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (admission is Admission.Waiting { Displaced: { } displaced, DisplacedBy: { } refusal } && _waiters.Remove(displaced, out var loser))
                loser.TrySetException(Overloaded(refusal));
        }

        if (admission is Admission.Refused refused)
            throw Overloaded(refused);
        if (admission is Admission.Waiting waiting)
            await WaitAsync(ticket, turn!.Task, () => queued?.Invoke(waiting.Ahead), cancellationToken);

        telemetry.RequestAdmitted();
        return new Place(this, ticket);
    }

    private TimeSpan Now => time.GetElapsedTime(_epoch);

    private async Task WaitAsync(RankingTicket ticket, Task turn, Action queued, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        telemetry.RequestQueued();
        try
        {
            queued();
            await turn.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(ticket);
            throw;
        }
        finally
        {
            telemetry.RequestLeftQueue(time.GetElapsedTime(since));
        }
    }

    private void Release(RankingTicket ticket)
    {
        Leave(ticket);
        telemetry.RequestReleased();
    }

    private void Leave(RankingTicket ticket)
    {
        lock (_lock)
        {
            _waiters.Remove(ticket);
            foreach (var next in queue.Leave(ticket, Now))
            {
                if (_waiters.Remove(next, out var waiter))
                    waiter.TrySetResult();
            }
        }
    }

    private OverloadedException Overloaded(Admission.Refused refused)
    {
        var (tag, message) = refused.Reason switch
        {
            Refusal.QueueFull => ("queue_full", "Too many requests are waiting."),
            Refusal.WaitTooLong => ("wait_too_long", "The work that is waiting would take too long."),
            _ => ("deadline_unreachable", "The work that is waiting leaves no time to meet this deadline."),
        };
        telemetry.RequestRefused(tag);
        var seconds = Math.Ceiling(Math.Max(1, refused.RetryAfter.TotalSeconds) * (1 + (JitterShare * jitter())));
        return new OverloadedException(message, TimeSpan.FromSeconds(seconds));
    }

    private sealed class Place(RankingGate gate, RankingTicket ticket) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) != 0)
                return;
            gate.Release(ticket);
        }
    }
}
