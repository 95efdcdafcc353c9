using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ReasonRank.Service.Hosting;

/// <summary>Where the service listens and what Kestrel leaves to the service.</summary>
internal static class Listening
{
    /// <summary>Used only when nothing else says where to listen.</summary>
    public const string Fallback = "http://+:8080";

    private static readonly string[] Keys = ["urls", "http_ports", "https_ports"];

    public static void AddListening(this WebApplicationBuilder builder)
    {
        if (!IsConfigured(builder.Configuration))
            builder.WebHost.UseUrls(Fallback);
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // RequestBody reads every body there is, and names the limit that it keeps to; Kestrel's would count the framing of chunks, too, and name nothing.
            kestrel.Limits.MaxRequestBodySize = null;
        });
    }

    /// <summary>An empty value, such as a variable that a script left blank, says nothing.</summary>
    private static bool IsConfigured(ConfigurationManager configuration) =>
        Keys.Any(key => !string.IsNullOrWhiteSpace(configuration[key])) || configuration.GetSection("Kestrel:Endpoints").Exists();
}
