namespace ReasonRank.Ranking;

/// <summary>A result and whether time had a hand in it.</summary>
/// <param name="IsExact">Nothing but the request decided it: it answers every equal request.</param>
internal sealed record RankingOutcome(RankingResult Result, bool IsExact);

/// <summary>A ranking that several equal requests wait for. It stops when the last of them has left.</summary>
/// <param name="since">When it took off.</param>
#pragma warning disable CA1001 // Nothing to dispose of: the source has no timer, and its registrations end with the ranking.
internal sealed class RankingFlight(RankingRun run, long since)
#pragma warning restore CA1001
{
    private readonly TaskCompletionSource<RankingOutcome> _landing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();

    public RankingRun Run { get; } = run;

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
