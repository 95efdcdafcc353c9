using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.RateLimiting;
using ReasonRank.Service.Api;
using ReasonRank.Service.Api.Auth;

namespace ReasonRank.Service.Hosting;

/// <summary>Which web pages may call the service; section <c>ReasonRank:Cors</c>.</summary>
internal sealed class CorsSection
{
    /// <summary>Origins such as "https://example.org", or "*" for all. Default none.</summary>
    public IList<string> Origins { get; } = [];
}

/// <summary>Who may come in: keys, limits for each of them, and pages of other origins.</summary>
internal static class Access
{
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<KeyRing>();
        services.AddHostedService<KeyFile>();
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<CorsSection>((cors, section) => cors.AddDefaultPolicy(policy => Allow(policy, section)));
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<AuthOptions>(RateLimits.Configure);
    }

    /// <summary>Preflights come without a key, so they are answered first.</summary>
    public static void UseAccess(this WebApplication app)
    {
        app.UseCors();
        app.UseMiddleware<ApiKeyGate>();
        app.UseRateLimiter();
    }

    private static void Allow(CorsPolicyBuilder policy, CorsSection section) => policy
        .WithOrigins([.. section.Origins])
        .AllowAnyHeader()
        .AllowAnyMethod()
        .WithExposedHeaders(RequestId.Header, "Retry-After", "x-rerank-status", "x-rerank-warnings");
}
