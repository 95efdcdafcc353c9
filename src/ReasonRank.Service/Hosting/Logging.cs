using System.Globalization;
using Serilog;
using Serilog.Formatting.Json;

namespace ReasonRank.Service.Hosting;

/// <summary>Serilog behind Microsoft.Extensions.Logging: text for people in development, one JSON object a line elsewhere.</summary>
internal static class Logging
{
    private const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext} {Message:lj}{NewLine}{Exception}";

    private static JsonFormatter Json { get; } = new(renderMessage: true, formatProvider: CultureInfo.InvariantCulture);

    public static void AddServiceLogging(this WebApplicationBuilder builder)
    {
        var configuration = new LoggerConfiguration().ReadFrom.Configuration(builder.Configuration).Enrich.FromLogContext();
        var logger = builder.Environment.IsDevelopment()
            ? configuration.WriteTo.Console(outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture)
            : configuration.WriteTo.Console(Json);
        builder.Logging.ClearProviders().AddSerilog(logger.CreateLogger(), dispose: true);
    }

    /// <summary>For what must be said before the configuration can be trusted.</summary>
    public static Serilog.Core.Logger Plain() => new LoggerConfiguration().WriteTo.Console(Json).CreateLogger();
}
