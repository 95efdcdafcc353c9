using Microsoft.AspNetCore.Server.Kestrel.Core;
using ReasonRank.Service.Api;

namespace ReasonRank.Service.Hosting;

/// <summary>Where the service listens and what Kestrel itself refuses.</summary>
internal static class Listening
{
    /// <summary>Used only when nothing else says where to listen.</summary>
    public const string Fallback = "http://+:8080";

    public static void AddListening(this WebApplicationBuilder builder)
    {
        if (!IsConfigured(builder.Configuration))
            builder.WebHost.UseUrls(Fallback);
        builder.Services.AddOptions<KestrelServerOptions>().Configure<LimitOptions>((kestrel, limits) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.MaxBodyBytes;
        });
    }

    private static bool IsConfigured(ConfigurationManager configuration) =>
        configuration["urls"] is not null || configuration["http_ports"] is not null || configuration["https_ports"] is not null
        || configuration.GetSection("Kestrel:Endpoints").Exists();
}
