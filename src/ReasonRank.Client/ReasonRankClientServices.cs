using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ReasonRank.Client;

/// <summary>Registers the client.</summary>
public static class ReasonRankClientServices
{
    /// <summary>
    /// Adds a <see cref="ReasonRankClient"/> whose connections come from <see cref="IHttpClientFactory"/>, and whose waits run on a registered
    /// <see cref="TimeProvider"/>, if any. Wrong options throw an <see cref="ArgumentException"/> when the client is first asked for.
    /// </summary>
    /// <returns>For handlers of your own.</returns>
    public static IHttpClientBuilder AddReasonRankClient(this IServiceCollection services, Action<ReasonRankClientOptions> configure)
    {
        services.AddOptions<ReasonRankClientOptions>().Configure(configure);
        return services
            .AddHttpClient(nameof(ReasonRankClient), http => http.Timeout = Timeout.InfiniteTimeSpan)
            .AddTypedClient((http, provider) => new ReasonRankClient(
                http, provider.GetRequiredService<IOptions<ReasonRankClientOptions>>().Value, provider.GetService<TimeProvider>()));
    }
}
