using System.Diagnostics;
using Microsoft.Extensions.Logging;
using ReasonRank.Diagnostics;
using ReasonRank.Engines;
using ReasonRank.Prompting;

namespace ReasonRank.Ranking;

/// <summary>The one way in: admits a request, ranks it, and answers with a permutation of all its candidates. Thread-safe.</summary>
public sealed partial class Reranker : IDisposable
{
    private readonly IGenerationEngine _engine;
    private readonly RankingOptions _options;
    private readonly PromptProfile _profile;
    private readonly ReasonRankTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly ILogger<Reranker> _logger;
    private readonly ResultCache _cache;
    private readonly SharedRankings _rankings;

    /// <param name="options">Valid as <see cref="RankingOptionsValidator"/> says; read once.</param>
    /// <param name="profile">What the served model was trained with, see <see cref="PromptProfile.For"/>.</param>
    /// <param name="time">The engine's clock.</param>
    public Reranker(
        IGenerationEngine engine,
        RankingOptions options,
        PromptProfile profile,
        ReasonRankTelemetry telemetry,
        TimeProvider time,
        ILogger<Reranker> logger)
    {
        (_engine, _options, _profile, _telemetry, _time, _logger) = (engine, options, profile, telemetry, time, logger);
        var slots = options.MaxActive ?? engine.Info.Parallel;
        var workload = new Workload(Math.Max(slots, engine.Info.Parallel));
        var queue = new AdmissionQueue(slots, options.MaxQueue, options.MaxQueueWait, options.MaxRetryAfter);
        var gate = new RankingGate(queue, time, telemetry, Random.Shared.NextDouble);
        var windows = new WindowRanker(engine, options, workload, telemetry, time);
        var sliding = new SlidingWindowStrategy(windows, options, workload.Estimate);
        var topDown = new TopDownStrategy(windows, options, workload.Estimate, sliding, engine.Info.Parallel);
        var ranker = new RequestRanker(engine, gate, [sliding, topDown], workload, options, telemetry, time);
        _cache = new ResultCache(options.CacheBytes);
        _rankings = new SharedRankings(ranker, _cache, telemetry, time);
    }

    /// <summary>Ranks the request's candidates.</summary>
    /// <param name="watcher">Told of progress while it happens; null when nobody watches (text isn't streamed then).</param>
    /// <exception cref="RankingException">The request can't be ranked.</exception>
    /// <exception cref="EngineException">The engine failed and the request doesn't take its input order for an answer.</exception>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public async Task<RankingResult> RankAsync(RankingRequest request, Action<RankingEvent>? watcher, CancellationToken cancellationToken)
    {
        var since = _time.GetTimestamp();
        using var activity = _telemetry.StartRequest(request.Candidates.Count);
        var status = "";
        try
        {
            var job = RankingJob.Resolve(request, _options, _profile, _engine.Info.Model);
            var result = await RankAsync(job, watcher, cancellationToken).ConfigureAwait(false);
            status = Tag(result.Status);
            return result with
            {
                ServedModel = _engine.Info.Model,
                Profile = _profile.Name,
                Timings = result.Timings with { Total = _time.GetElapsedTime(since) },
                Warnings = [.. job.Warnings, .. result.Warnings],
            };
        }
        catch (Exception failure)
        {
            status = Tag(failure);
            throw;
        }
        finally
        {
            _telemetry.RequestFinished(status, _time.GetElapsedTime(since));
        }
    }

    /// <summary>Ends the life of what is kept in memory; the engine isn't the reranker's.</summary>
    public void Dispose() => _cache.Dispose();

    private async Task<RankingResult> RankAsync(RankingJob job, Action<RankingEvent>? watcher, CancellationToken cancellationToken)
    {
        if (job.Count == 1)
            return new RankingResult { Order = [0], Status = RankingStatus.Complete };

        using var deadline = new RankingDeadline(_time, job.Timeout);
        try
        {
            return await _rankings.RankAsync(job, deadline, watcher, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException failure) when (job.Request.OnError == FailurePolicy.Passthrough && failure is not PromptTooLongException)
        {
            EngineFailed(failure);
            return PassedThrough(job, failure);
        }
    }

    /// <summary>The input order, said to be just that: nothing of what was ranked before the failure remains.</summary>
    private static RankingResult PassedThrough(RankingJob job, EngineException failure) => new()
    {
        Order = [.. Enumerable.Range(0, job.Count)],
        Status = RankingStatus.Fallback,
        Warnings = [$"Nothing was ranked, this is the input order: {failure.Message}"],
    };

    private static string Tag(RankingStatus status) => status switch
    {
        RankingStatus.Complete => "complete",
        RankingStatus.Partial => "partial",
        RankingStatus.Fallback => "fallback",
        _ => throw new UnreachableException($"A ranking can't be {status}. This is a bug."),
    };

    /// <summary>What the client brought about itself is told apart from what the service owes it: alerts count only "error".</summary>
    private static string Tag(Exception failure) => failure switch
    {
        OperationCanceledException => "cancelled",
        OverloadedException => "refused",
        InvalidRequestException or PromptTooLongException => "invalid",
        DeadlineExceededException => "deadline",
        _ => "error",
    };

    [LoggerMessage(LogLevel.Warning, "The engine failed; a request that takes its input order for an answer got it")]
    private partial void EngineFailed(EngineException failure);
}
