using System.Reflection;

namespace ReasonRank.Service.Api;

/// <summary>Whether the service explains itself; section <c>ReasonRank:Docs</c>.</summary>
internal sealed class DocsOptions
{
    /// <summary>Serve the playground at /, /swagger and /openapi/v1.json. Default true, in every environment.</summary>
    public bool Enabled { get; set; } = true;
}

/// <summary>The API's description, and Swagger's page on top of it.</summary>
internal static class DocsEndpoints
{
    private const string Description = "/openapi/v1.json";

    public static void MapDocs(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<DocsOptions>().Enabled)
            return;
        app.UseSwaggerUI(page =>
        {
            page.DocumentTitle = "ReasonRank.Service";
            page.SwaggerEndpoint(Description, "ReasonRank.Service");
        });
        app.MapGet(Description, Describe);
        app.MapGet("/swagger/v1/swagger.json", Describe);
    }

    private static IResult Describe() =>
        Results.Stream(Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")!, JsonAnswer.MediaType);
}
