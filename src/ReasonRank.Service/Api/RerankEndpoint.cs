using ReasonRank.Service.Api.Auth;

namespace ReasonRank.Service.Api;

/// <summary>The paths that rank.</summary>
internal static class RerankEndpoint
{
    public static void MapRerank(this IEndpointRouteBuilder routes)
    {
        foreach (var path in Routes.Rerank)
            routes.MapPost(path, (HttpContext context, RerankHandler handler) => handler.HandleAsync(context)).RequireRateLimiting(RateLimits.Policy);
    }
}
