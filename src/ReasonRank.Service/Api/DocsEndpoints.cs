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

    /// <summary>All of it lies below these, besides the playground's page at /.</summary>
    public static IReadOnlyList<string> Roots { get; } = ["/swagger", "/openapi", "/playground"];

    public static void MapDocs(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<DocsOptions>().Enabled)
            return;
        app.UseSwaggerUI(page =>
        {
            page.DocumentTitle = "ReasonRank.Service";
            page.SwaggerEndpoint(Description, "ReasonRank.Service");
        });
        app.MapGet(Description, () => Resource("openapi.json", JsonAnswer.MediaType));
        app.MapGet("/swagger/v1/swagger.json", () => Resource("openapi.json", JsonAnswer.MediaType));
        app.MapGet("/", ShowPlayground);
        app.MapGet("/playground/playground.css", () => Resource("playground.css", "text/css; charset=utf-8"));
        app.MapGet("/playground/playground.js", () => Resource("playground.js", "text/javascript; charset=utf-8"));
    }

    /// <summary>Nothing that a passage or a model says can become more than text on that page.</summary>
    private static IResult ShowPlayground(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return Resource("index.html", "text/html; charset=utf-8");
    }

    private static IResult Resource(string name, string mediaType) =>
        Results.Stream(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!, mediaType);
}
