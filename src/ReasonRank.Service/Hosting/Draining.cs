using Microsoft.Extensions.Options;
using ReasonRank.Service.Api;

namespace ReasonRank.Service.Hosting;

/// <summary>
/// The first part of a shutdown, before the host stops the server: ready turns 503, listening goes on for the readiness delay so that
/// load balancers can notice, then the clock for the requests that were accepted starts.
/// </summary>
internal sealed partial class Draining(Serving serving, ShutdownOptions options, TimeProvider time, ILogger<Draining> logger) : IHostedLifecycleService, IDisposable
{
    private ITimer? _drain;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        serving.Drain();
        LogDraining(options.ReadinessDelay.TotalSeconds, options.Drain.TotalSeconds);
        await Task.Delay(options.ReadinessDelay, time, cancellationToken);
        _drain = time.CreateTimer(_ => _ = serving.EndDrainAsync(), null, options.Drain, Timeout.InfiniteTimeSpan);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _drain?.Dispose();

    [LoggerMessage(LogLevel.Information, "Draining: not ready, listening for {DelaySeconds:F1} s more, then up to {DrainSeconds:F0} s for accepted requests")]
    private partial void LogDraining(double delaySeconds, double drainSeconds);
}

/// <summary>Gives the host enough time for all of it: its own limit of 30 s would cut a longer drain short.</summary>
internal sealed class ShutdownTime(ShutdownOptions options) : IConfigureOptions<HostOptions>
{
    /// <summary>For answers to be written and the engine to stop.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    public void Configure(HostOptions host) => host.ShutdownTimeout = options.ReadinessDelay + options.Drain + Margin;
}
