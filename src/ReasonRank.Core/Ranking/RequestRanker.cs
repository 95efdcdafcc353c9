using System.Collections.Frozen;
using ReasonRank.Diagnostics;
using ReasonRank.Engines;

namespace ReasonRank.Ranking;

/// <summary>Ranks one request once: waits for its turn, works through its windows, and keeps to its deadline. Thread-safe.</summary>
internal sealed class RequestRanker(
    ITokenCounter counter,
    RankingGate gate,
    IEnumerable<IRankingStrategy> strategies,
    Workload workload,
    RankingOptions options,
    ReasonRankTelemetry telemetry,
    TimeProvider time)
{
    private readonly FrozenDictionary<string, IRankingStrategy> _strategies = strategies.ToFrozenDictionary(strategy => strategy.Name);

    /// <summary>The request as a run in which nothing has been done.</summary>
    public RankingRun Start(RankingJob job, RankingDeadline deadline, Action<RankingEvent>? watcher) =>
        new(job, counter, new RankingPace(job, deadline, workload, options.DeadlinePlan, time), watcher);

    /// <exception cref="OverloadedException">There is too much work to take this on.</exception>
    /// <exception cref="DeadlineExceededException">The deadline came and the request wants an error then.</exception>
    public async Task<RankingOutcome> RankAsync(RankingRun run, RankingDeadline deadline, CancellationToken cancellationToken)
    {
        var strategy = _strategies[run.Job.Strategy];
        var loads = strategy.Stages(run.Job);
        run.WindowsTotal = loads.Sum(load => load.Windows);
        if (loads.Count == 0)
            return new RankingOutcome(run.Result(RankingStatus.Complete), IsExact: true);
        if (workload.Idle is { } idle && deadline.Remaining?.TotalSeconds < Least(run.Job, loads, idle))
            return OutOfTime(run, run.Job.Request.OnDeadline);

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var place = await EnterAsync(run, loads, deadline, either.Token).ConfigureAwait(false);
            if (await strategy.RankAsync(run, either.Token).ConfigureAwait(false))
                return new RankingOutcome(run.Result(RankingStatus.Complete), !run.IsShortened);
        }
        catch (OperationCanceledException) when (deadline.IsOver && !cancellationToken.IsCancellationRequested)
        {
            // What was done until now is the answer.
        }

        return OutOfTime(run, run.Job.Request.OnDeadline);
    }

    /// <summary>The order so far, or an error where that is wanted instead.</summary>
    public RankingOutcome OutOfTime(RankingRun run, DeadlinePolicy policy)
    {
        telemetry.DeadlineHit();
        var result = run.Result(RankingStatus.Partial);
        var done = result.Windows.Count;
        if (policy == DeadlinePolicy.Error)
            throw new DeadlineExceededException($"The deadline came after {done} of {result.WindowsTotal} windows.");
        var warning = done == 0
            ? "The deadline left no time for any window: this is the input order."
            : $"The deadline left time for {done} of {result.WindowsTotal} windows.";
        return new RankingOutcome(result with { Warnings = [.. result.Warnings, warning] }, IsExact: false);
    }

    private async Task<IDisposable> EnterAsync(
        RankingRun run, IReadOnlyList<WindowLoad> loads, RankingDeadline deadline, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        var ticket = Ticket(run.Job, loads, deadline);
        ticket.Priority = run.Job.Request.Priority;
        var place = await gate
            .EnterAsync(ticket, ahead => run.Raise(new RankingEvent.Queued(ahead)), cancellationToken)
            .ConfigureAwait(false);
        run.Waited = time.GetElapsedTime(since);
        return place;
    }

    private RankingTicket Ticket(RankingJob job, IReadOnlyList<WindowLoad> loads, RankingDeadline deadline)
    {
        if (workload.Busy is not { } rates)
            return new RankingTicket(job.Request.Client, TimeSpan.Zero, deadline.Remaining);
        var reasoning = (double)loads.Sum(load => load.Windows) * workload.Estimate.MostReasoning(job.WindowSize, job.ReasoningBudget) * rates.Step;
        var work = TimeSpan.FromSeconds(loads.Sum(load => load.Cost(rates).Fixed) + reasoning);
        if (deadline.Remaining is not { } left)
            return new RankingTicket(job.Request.Client, work, patience: null);
        var patience = left - TimeSpan.FromSeconds(Least(job, loads, rates));
        return new RankingTicket(job.Request.Client, work < left ? work : left, patience > TimeSpan.Zero ? patience : TimeSpan.Zero);
    }

    /// <summary>Seconds for the least that is worth having: the head window without reasoning, or all of them where a part isn't wanted.</summary>
    private static double Least(RankingJob job, IReadOnlyList<WindowLoad> loads, EngineRates rates) =>
        job.Request.OnDeadline == DeadlinePolicy.Error ? loads.Sum(load => load.Cost(rates).Fixed) : loads[^1].Cost(rates).Fixed;
}
