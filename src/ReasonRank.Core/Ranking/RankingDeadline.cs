namespace ReasonRank.Ranking;

/// <summary>When a request has to be answered, on one clock. Without a timeout it never ends.</summary>
internal sealed class RankingDeadline : IDisposable
{
    // Kept back for what comes after the last window: the response has to be written and read.
    private const double Margin = 0.02;
    private static readonly TimeSpan MostMargin = TimeSpan.FromMilliseconds(100);
    private readonly TimeProvider _time;
    private readonly long _since;
    private readonly TimeSpan? _span;
    private readonly CancellationTokenSource? _end;

    /// <param name="timeout">From now; null for no deadline.</param>
    public RankingDeadline(TimeProvider time, TimeSpan? timeout)
    {
        _time = time;
        _since = time.GetTimestamp();
        if (timeout is not { } span)
            return;
        _span = span - (span * Margin < MostMargin ? span * Margin : MostMargin);
        _end = new CancellationTokenSource(_span.Value, time);
    }

    private RankingDeadline(RankingDeadline other)
    {
        (_time, _since, _span) = (other._time, other._since, other._span);
        if (other.Remaining is { } left)
            _end = new CancellationTokenSource(left, _time);
    }

    /// <summary>Cancelled when the time is up.</summary>
    public CancellationToken Token => _end?.Token ?? CancellationToken.None;

    public bool IsOver => Token.IsCancellationRequested;

    /// <summary>Time left for windows; zero when it is up, null when there is no deadline.</summary>
    public TimeSpan? Remaining
    {
        get
        {
            if (_span is not { } span)
                return null;
            var left = span - _time.GetElapsedTime(_since);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>The same end, to be disposed on its own.</summary>
    public RankingDeadline Copy() => new(this);

    public void Dispose() => _end?.Dispose();
}
