using ReasonRank.Diagnostics;
using ReasonRank.Engines;
using ReasonRank.Prompting;
using ReasonRank.Ranking;
using ReasonRank.Service.Api;

namespace ReasonRank.Service.Hosting;

/// <summary>Makes the engine that serves. Takes as long as a model takes to load; called once.</summary>
internal delegate Task<IGenerationEngine> EngineLoader(CancellationToken cancellationToken);

/// <summary>
/// Loads the model while the service already answers that it's alive, warms it up with one ranking, then declares the service ready.
/// Registered before the server, so that the host stops it after the server: the engine goes last.
/// </summary>
internal sealed partial class EngineLoading(
    EngineLoader load, Serving serving, ExitStatus exit, ReasonRankTelemetry telemetry, TimeProvider time, IHostApplicationLifetime lifetime,
    ILogger<EngineLoading> logger, ILoggerFactory loggers) : BackgroundService
{
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IGenerationEngine? _engine;

    /// <summary>Completes when the service is ready; faults when it never will be.</summary>
    public Task Loaded => _loaded.Task;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_engine is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (_engine as IDisposable)?.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var start = time.GetTimestamp();
            _engine = await load(stoppingToken);
            var reranker = new Reranker(_engine, new RankingOptions(), PromptProfile.For(_engine.Info), telemetry, time, loggers.CreateLogger<Reranker>());
            await WarmUpAsync(reranker, stoppingToken);
            serving.Ready(_engine, reranker);
            _loaded.TrySetResult();
            LogReady(_engine.Info.Model, time.GetElapsedTime(start).TotalSeconds, _engine.Info.Runtime);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _loaded.TrySetCanceled(stoppingToken);
            LogCancelled();
        }
        catch (Exception e)
        {
            // Whatever it was, a service without its model is of no use: say so and go.
            serving.Fail("The model could not be loaded.");
            _loaded.TrySetException(e);
            LogFailed(e.Message, e);
            exit.Code = ExitStatus.Failed;
            lifetime.StopApplication();
        }
    }

    private static async Task WarmUpAsync(Reranker reranker, CancellationToken cancellationToken)
    {
        var request = new RankingRequest
        {
            Query = "Which number is larger?",
            Candidates = [new Candidate("The number is 1."), new Candidate("The number is 2.")],
            ReasoningBudget = 1,
            UseCache = false,
        };
        await reranker.RankAsync(request, null, cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Model {Model} ready in {Seconds:F1} s: {Runtime}")]
    private partial void LogReady(string model, double seconds, string runtime);

    [LoggerMessage(LogLevel.Information, "Stopped before the model was ready")]
    private partial void LogCancelled();

    [LoggerMessage(LogLevel.Critical, "The model could not be loaded: {Reason}")]
    private partial void LogFailed(string reason, Exception failure);
}
