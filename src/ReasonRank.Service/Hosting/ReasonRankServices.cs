using Microsoft.Extensions.Options;
using ReasonRank.Diagnostics;
using ReasonRank.Ranking;
using ReasonRank.Service.Api;
using ReasonRank.Service.Api.Mcp;
using ReasonRank.Service.Api.Reading;
using ReasonRank.Service.Api.Streaming;

namespace ReasonRank.Service.Hosting;

/// <summary>Composes the service.</summary>
internal static class ReasonRankServices
{
    public static void AddApi(this IServiceCollection services)
    {
        services.AddSingleton<Serving>();
        services.AddSingleton<CallReader>();
        services.AddSingleton<ModelRules>();
        services.AddSingleton<EventStream>();
        services.AddSingleton<KeepAlive>();
        services.AddSingleton<RerankHandler>();
        services.AddSingleton<RerankTool>();
        services.AddSingleton<McpEndpoint>();
    }

    /// <summary>The order matters: the host stops these in reverse, after the server.</summary>
    public static void AddEngine(this IServiceCollection services)
    {
        services.AddSingleton<ExitStatus>();
        services.AddSingleton<EngineMetrics>();
        services.AddSingleton<EngineComposition>();
        services.AddSingleton<EngineLoader>(provider => provider.GetRequiredService<EngineComposition>().LoadAsync);
        services.AddSingleton<RankerMaker>(MakeRanker);
        services.AddSingleton<EngineLoading>();
        services.AddHostedService(provider => provider.GetRequiredService<EngineLoading>());
        services.AddHostedService<Draining>();
        services.AddSingleton<IConfigureOptions<HostOptions>, ShutdownTime>();
    }

    private static RankerMaker MakeRanker(IServiceProvider provider) => loaded => new Reranker(
        loaded.Engine,
        provider.GetRequiredService<RankingOptions>(),
        loaded.Profile,
        provider.GetRequiredService<ReasonRankTelemetry>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<Reranker>>());
}
