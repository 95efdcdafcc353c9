namespace ReasonRank.Service.Api;

/// <summary>Probes. Live: the process answers. Ready: it wants traffic.</summary>
internal static class HealthEndpoints
{
    private static readonly string[] LivePaths = ["/health/live", "/livez", "/v1/health/live"];
    private static readonly string[] ReadyPaths = ["/health/ready", "/readyz", "/v1/health/ready", "/health", "/healthz", "/ping"];

    public static IEnumerable<string> Paths => [.. LivePaths, .. ReadyPaths];

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        foreach (var path in LivePaths)
            routes.MapGet(path, Live);
        foreach (var path in ReadyPaths)
            routes.MapGet(path, Ready);
    }

    private static Task Live(HttpContext context) => Send(context, StatusCodes.Status200OK, null);

    private static Task Ready(HttpContext context, Serving serving)
    {
        var reason = serving.NotReady;
        return Send(context, reason is null ? StatusCodes.Status200OK : Problems.NotReady(reason).Status, reason);
    }

    private static Task Send(HttpContext context, int status, string? reason)
    {
        context.Response.Headers.CacheControl = "no-store";
        return JsonAnswer.SendAsync(context.Response, status, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", reason is null ? "ok" : "unavailable");
            if (reason is not null)
                json.WriteString("reason", reason);
            json.WriteEndObject();
        }, context.RequestAborted);
    }
}
