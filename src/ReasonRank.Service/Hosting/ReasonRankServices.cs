using Microsoft.Extensions.Options;
using ReasonRank.Diagnostics;
using ReasonRank.Service.Api;
using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Hosting;

/// <summary>Composes the service.</summary>
internal static class ReasonRankServices
{
    public static void AddApi(this IServiceCollection services)
    {
        services.AddSingleton<Serving>();
        services.AddSingleton<CallReader>();
        services.AddSingleton<RerankHandler>();
    }

    /// <summary>The order matters: the host stops these in reverse, after the server.</summary>
    public static void AddEngine(this IServiceCollection services)
    {
        services.AddSingleton<ReasonRankTelemetry>();
        services.AddSingleton<ExitStatus>();
        services.AddSingleton<EngineLoader>(_ => EngineComposition.LoadAsync);
        services.AddSingleton<EngineLoading>();
        services.AddHostedService(provider => provider.GetRequiredService<EngineLoading>());
        services.AddHostedService<Draining>();
        services.AddSingleton<IConfigureOptions<HostOptions>, ShutdownTime>();
    }
}
