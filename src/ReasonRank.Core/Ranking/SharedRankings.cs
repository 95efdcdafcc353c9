using ReasonRank.Diagnostics;

namespace ReasonRank.Ranking;

/// <summary>
/// Ranks equal requests once. What is complete, sampled greedily and owes nothing to a deadline is kept; while it is being
/// produced, equal requests wait for it together, each with its own deadline, and any of them may leave. Thread-safe.
/// </summary>
internal sealed class SharedRankings(RequestRanker ranker, ResultCache cache, ReasonRankTelemetry telemetry, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RankingFlight> _flights = [];

    /// <exception cref="DeadlineExceededException">The deadline came and the request wants an error then.</exception>
    public async Task<RankingResult> RankAsync(
        RankingJob job, RankingDeadline deadline, Action<RankingEvent>? watcher, CancellationToken cancellationToken)
    {
        if (!job.Request.UseCache || !job.Sampling.IsGreedy)
            return (await ranker.RankAsync(ranker.Start(job, deadline, watcher), deadline, cancellationToken).ConfigureAwait(false)).Result;
        if (cache.Find(job.Key) is { } kept)
        {
            telemetry.CacheLookedUp("hit");
            return kept;
        }

        if (watcher is null)
            return await BoardAsync(job, deadline, cancellationToken).ConfigureAwait(false);

        // Who watches wants to see this ranking happen.
        telemetry.CacheLookedUp("miss");
        var outcome = await ranker.RankAsync(ranker.Start(job, deadline, watcher), deadline, cancellationToken).ConfigureAwait(false);
        Keep(job, outcome);
        return outcome.Result;
    }

    private async Task<RankingResult> BoardAsync(RankingJob job, RankingDeadline deadline, CancellationToken cancellationToken)
    {
        while (true)
        {
            // A flight outlives its leader, so the end of its time does too.
            var end = deadline.Copy();
            var flight = Board(job, end, out var isLeader);
            telemetry.CacheLookedUp(isLeader ? "miss" : "shared");
            if (isLeader)
                return await LeadAsync(flight, end, cancellationToken).ConfigureAwait(false);
            end.Dispose();
            if (await FollowAsync(flight, job, deadline, cancellationToken).ConfigureAwait(false) is { } result)
                return result;
        }
    }

    private RankingFlight Board(RankingJob job, RankingDeadline end, out bool isLeader)
    {
        lock (_lock)
        {
            isLeader = !_flights.TryGetValue(job.Key, out var flight);
            if (flight is null)
                _flights.Add(job.Key, flight = new RankingFlight(job.Key, () => ranker.Start(job, end, watcher: null), time.GetTimestamp()));
            flight.Aboard++;
            return flight;
        }
    }

    private async Task<RankingResult> LeadAsync(RankingFlight flight, RankingDeadline end, CancellationToken cancellationToken)
    {
        _ = FlyAsync(flight, end);
        try
        {
            return (await flight.Landing.WaitAsync(cancellationToken).ConfigureAwait(false)).Result;
        }
        finally
        {
            Leave(flight);
        }
    }

    private async Task FlyAsync(RankingFlight flight, RankingDeadline end)
    {
        using (end)
        {
            try
            {
                var outcome = await ranker.RankAsync(flight.Run, end, flight.Stopping).ConfigureAwait(false);
                Keep(flight.Run.Job, outcome);
                Remove(flight);
                flight.Land(outcome);
            }
            catch (Exception failure)
            {
                // Whoever waits gets it, whatever it is.
                Remove(flight);
                flight.Fail(failure);
            }
        }
    }

    /// <returns>Null when what the flight brought is no answer for this request.</returns>
    private async Task<RankingResult?> FollowAsync(
        RankingFlight flight, RankingJob job, RankingDeadline deadline, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            var outcome = await flight.Landing.WaitAsync(either.Token).ConfigureAwait(false);
            return outcome.IsExact || !IsWorthAnother(flight, job, deadline) ? ResultCache.Reused(outcome.Result) : null;
        }
        catch (DeadlineExceededException)
        {
            return null;
        }
        catch (OperationCanceledException) when (deadline.IsOver && !cancellationToken.IsCancellationRequested)
        {
            return ranker.OutOfTime(flight.Run, job.Request.OnDeadline).Result;
        }
        finally
        {
            Leave(flight);
        }
    }

    /// <summary>A ranking with less time than this one had can't be expected to turn out better.</summary>
    private bool IsWorthAnother(RankingFlight flight, RankingJob job, RankingDeadline deadline) =>
        job.Request.OnDeadline == DeadlinePolicy.Error
        || deadline.Remaining is not { } left
        || left > time.GetElapsedTime(flight.Since);

    private void Keep(RankingJob job, RankingOutcome outcome)
    {
        if (outcome.IsExact)
            cache.Keep(job.Key, outcome.Result);
    }

    private void Leave(RankingFlight flight)
    {
        lock (_lock)
        {
            if (--flight.Aboard > 0 || !RemoveUnderLock(flight))
                return;
        }

        flight.Stop();
    }

    private void Remove(RankingFlight flight)
    {
        lock (_lock)
            RemoveUnderLock(flight);
    }

    private bool RemoveUnderLock(RankingFlight flight) =>
        _flights.TryGetValue(flight.Key, out var current) && current == flight && _flights.Remove(flight.Key);
}
