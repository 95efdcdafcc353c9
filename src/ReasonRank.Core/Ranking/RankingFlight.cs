namespace ReasonRank.Ranking;

/// <summary>A result and whether time had a hand in it.</summary>
/// <param name="IsExact">Nothing but the request decided it: it answers every equal request.</param>
internal sealed record RankingOutcome(RankingResult Result, bool IsExact);

/// <summary>A ranking that several equal requests wait for. It stops when the last of them has left.</summary>
/// <param name="key">What equal requests have in common.</param>
/// <param name="start">Makes the run: not while others wait to board, because a long query takes a while to prepare.</param>
/// <param name="since">When it took off.</param>
#pragma warning disable CA1001 // Nothing to dispose of: the source has no timer, and its registrations end with the ranking.
internal sealed class RankingFlight(string key, Func<RankingRun> start, long since)
#pragma warning restore CA1001
{
    private readonly TaskCompletionSource<RankingOutcome> _landing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();

    private readonly Lazy<RankingRun> _run = new(start);

    public string Key { get; } = key;

    /// <summary>Made when it is first asked for.</summary>
    public RankingRun Run => _run.Value;

    public long Since { get; } = since;

    /// <summary>Ends when the ranking does.</summary>
    public Task<RankingOutcome> Landing => _landing.Task;

    /// <summary>Cancelled when nobody waits any more.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Those waiting; guarded by the lock of <see cref="SharedRankings"/>.</summary>
    public int Aboard { get; set; }

    public void Land(RankingOutcome outcome) => _landing.TrySetResult(outcome);

    public void Fail(Exception failure) => _landing.TrySetException(failure);

    public void Stop() => _stop.Cancel();
}
