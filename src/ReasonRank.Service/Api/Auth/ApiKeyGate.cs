namespace ReasonRank.Service.Api.Auth;

/// <summary>Lets requests pass that have a key, need none, or come to a service without keys; notes who asks.</summary>
internal sealed class ApiKeyGate(RequestDelegate next, KeyRing keys, AuthOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        var record = RequestRecord.Of(context);
        var key = keys.IsRequired ? KeyHeaders.Read(context.Request.Headers).Select(keys.Find).FirstOrDefault(found => found is not null) : null;
        record.Client = key?.Name ?? context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (key is not null || !keys.IsRequired || GuardedPaths.IsPublic(context.Request, options))
            return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return ProblemAnswer.SendAsync(context, Dialects.DialectChoice.Default, Problems.Unauthorized);
    }
}
