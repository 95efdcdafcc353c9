using ReasonRank.Engines;
using ReasonRank.Ranking;
using ReasonRank.Service.Api;

namespace ReasonRank.Service.Hosting;

/// <summary>Makes the engine that serves. Takes as long as a model takes to load; called once.</summary>
internal delegate Task<LoadedEngine> EngineLoader(CancellationToken cancellationToken);

/// <summary>Makes the ranking on top of an engine.</summary>
internal delegate Reranker RankerMaker(LoadedEngine loaded);

/// <summary>
/// Loads the model while the service already answers that it's alive, warms it up with one ranking, then declares the service ready. Ends the
/// process when there is no engine any more. Registered before the server, so that the host stops it after the server: the engine goes last.
/// </summary>
internal sealed partial class EngineLoading(
    EngineLoader load, RankerMaker makeRanker, EngineMetrics metrics, Serving serving, ExitStatus exit, TimeProvider time,
    IHostApplicationLifetime lifetime, ILogger<EngineLoading> logger) : BackgroundService
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IGenerationEngine? _engine;

    /// <summary>Completes when the service is ready; faults when it never will be.</summary>
    public Task Ready => _ready.Task;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_engine is IAsyncDisposable engine)
            await engine.DisposeAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var loaded = await StartEngineAsync(time.GetTimestamp(), stoppingToken);
            _ready.TrySetResult();
            await loaded.Ended.WaitAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _ready.TrySetCanceled(stoppingToken);
        }
        catch (Exception e)
        {
            // Whatever it was, a service without its model is of no use and must not look alive.
            Fail(e);
        }
    }

    private async Task<LoadedEngine> StartEngineAsync(long since, CancellationToken stoppingToken)
    {
        var loaded = await load(stoppingToken);
        _engine = loaded.Engine;

        // On a ranker of its own: from two lines and one token of reasoning the one that serves would learn that windows are short.
        using (var first = makeRanker(loaded))
            await WarmUpAsync(first, stoppingToken);
        var ranker = makeRanker(loaded);
        metrics.Watch(loaded);
        serving.Ready(loaded.Engine, loaded.Profile.Name, ranker);
        LogReady(_engine.Info.Model, loaded.Profile.Name, time.GetElapsedTime(since).TotalSeconds, _engine.Info.Parallel, _engine.Info.PoolCells, _engine.Info.Runtime);
        return loaded;
    }

    private void Fail(Exception failure)
    {
        var reason = _ready.Task.IsCompleted ? "The engine has died." : "The model could not be loaded.";
        serving.Fail(reason);
        LogFailed(reason, failure.Message, failure);
        exit.Code = ExitStatus.Failed;
        _ready.TrySetException(failure);
        lifetime.StopApplication();
    }

    private static async Task WarmUpAsync(Reranker ranker, CancellationToken cancellationToken)
    {
        var request = new RankingRequest
        {
            Query = "Which number is larger?",
            Candidates = [new Candidate("The number is 1."), new Candidate("The number is 2.")],
            ReasoningBudget = 1,
            UseCache = false,
        };
        await ranker.RankAsync(request, null, cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Ready: model {Model}, profile {Profile}, loaded in {Seconds:F1} s, {Parallel} at once, {PoolCells} cells. {Runtime}")]
    private partial void LogReady(string model, string profile, double seconds, int parallel, int poolCells, string runtime);

    [LoggerMessage(LogLevel.Critical, "{What} {Reason}")]
    private partial void LogFailed(string what, string reason, Exception failure);
}
