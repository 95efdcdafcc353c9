using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ReasonRank.Diagnostics;

namespace ReasonRank.Service.Hosting;

/// <summary>
/// Collects metrics for whoever scrapes /metrics, and sends metrics and traces by OTLP when OTEL_EXPORTER_OTLP_ENDPOINT names a collector.
/// The other OTEL_ variables hold as usual.
/// </summary>
internal sealed class Telemetry : IHostedService, IDisposable
{
    private static readonly string[] Meters =
        [ReasonRankTelemetry.Name, EngineMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private readonly MeterProvider _metrics;
    private readonly TracerProvider? _traces;

    public Telemetry(PrometheusExporter prometheus, IConfiguration configuration)
    {
        var isSent = !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var resource = ResourceBuilder.CreateEmpty().AddService("reasonrank").AddTelemetrySdk().AddEnvironmentVariableDetector();

        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Meters).AddReader(new BaseExportingMetricReader(prometheus));
        _metrics = (isSent ? metrics.AddOtlpExporter() : metrics).Build();
        if (isSent)
            _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(ReasonRankTelemetry.Name, "Microsoft.AspNetCore").AddOtlpExporter().Build();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The last hosted service to stop: what the others did on their way out is still sent.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _traces?.ForceFlush();
        _metrics.ForceFlush();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics.Dispose();
    }
}

internal static class TelemetryServices
{
    /// <summary>Comes before all other hosted services: the host stops them in reverse.</summary>
    public static void AddTelemetry(this IServiceCollection services)
    {
        services.AddSingleton<ReasonRankTelemetry>();
        services.AddSingleton<PrometheusExporter>();
        services.AddHostedService<Telemetry>();
    }

    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", (PrometheusExporter prometheus) => Results.Text(prometheus.Scrape(), PrometheusText.MediaType));
}
