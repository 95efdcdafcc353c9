using Microsoft.AspNetCore.Server.Kestrel.Core;
using ReasonRank.Service.Api;

namespace ReasonRank.Service.Hosting;

/// <summary>Where the service listens and what Kestrel itself refuses.</summary>
internal static class Listening
{
    /// <summary>Used only when nothing else says where to listen.</summary>
    public const string Fallback = "http://+:8080";

    private static readonly string[] Keys = ["urls", "http_ports", "https_ports"];

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

    /// <summary>An empty value, such as a variable that a script left blank, says nothing.</summary>
    private static bool IsConfigured(ConfigurationManager configuration) =>
        Keys.Any(key => !string.IsNullOrWhiteSpace(configuration[key])) || configuration.GetSection("Kestrel:Endpoints").Exists();
}
