using System.Buffers;

namespace ReasonRank.Service.Api;

/// <summary>Gives every request a name that a client can find again in headers, errors and logs.</summary>
internal static class RequestId
{
    public const string Header = "X-Request-Id";
    private const int MaxLength = 128;
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/+=@");

    /// <summary>The client's own id when it's short and plain, so that no log line can be forged with it; else a new one.</summary>
    public static RequestRecord Begin(HttpContext context)
    {
        var made = $"rr-{Guid.NewGuid():N}";
        var given = context.Request.Headers[Header].ToString();
        var isUsable = given.Length is > 0 and <= MaxLength && !given.AsSpan().ContainsAnyExcept(Allowed);
        var record = new RequestRecord(isUsable ? given : made, made);
        context.TraceIdentifier = record.Id;
        // Not before: what answers for an unexpected exception clears the headers first.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[Header] = record.Id;
            return Task.CompletedTask;
        });
        context.Features.Set(record);
        return record;
    }
}
