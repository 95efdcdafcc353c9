namespace ReasonRank.Service.Api.Auth;

/// <summary>Where clients put their key.</summary>
internal static class KeyHeaders
{
    private const string Bearer = "Bearer ";

    /// <summary>Everything that may be a key: with or without "Bearer", in Authorization, x-api-key or api-key.</summary>
    public static IEnumerable<string> Read(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization.ToString().Trim();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            yield return authorization[Bearer.Length..].Trim();
        else if (authorization.Length > 0)
            yield return authorization;
        foreach (var name in (string[])["x-api-key", "api-key"])
        {
            if (headers[name].ToString().Trim() is { Length: > 0 } key)
                yield return key;
        }
    }
}
