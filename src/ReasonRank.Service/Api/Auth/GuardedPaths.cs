namespace ReasonRank.Service.Api.Auth;

/// <summary>Which paths need a key, once there are keys: all but a few.</summary>
internal static class GuardedPaths
{
    /// <summary>Whether anybody may ask for this.</summary>
    public static bool IsPublic(HttpRequest request, AuthOptions options)
    {
        var path = request.Path;
        if (HealthEndpoints.Paths.Any(health => path.Equals(health, StringComparison.OrdinalIgnoreCase)))
            return true;
        if (path.Equals("/metrics", StringComparison.OrdinalIgnoreCase))
            return options.PublicMetrics;
        // Xinference's client asks here whether keys are in use, and takes "not found" for no.
        if (path.Equals("/v1/cluster/auth", StringComparison.OrdinalIgnoreCase))
            return true;
        return !options.ProtectDocs && IsDocs(request);
    }

    private static bool IsDocs(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && (request.Path == "/" || DocsEndpoints.Roots.Any(root => request.Path.StartsWithSegments(root, StringComparison.OrdinalIgnoreCase)));
}
