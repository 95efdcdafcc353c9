using ReasonRank.Ranking;

namespace ReasonRank.Service.Api;

/// <summary>What becomes known of a request on its way through the service, for its log line. One per request.</summary>
/// <param name="id">The client's X-Request-Id, or the answer's.</param>
internal sealed class RequestRecord(string id, string answerId)
{
    public string Id { get; } = id;

    /// <summary>The answer's own name.</summary>
    public string AnswerId { get; } = answerId;

    /// <summary>Who asks, opaque: the key's name, else the address.</summary>
    public string Client { get; set; } = "";

    public string? Dialect { get; set; }

    public RankingResult? Result { get; set; }

    public Problem? Problem { get; set; }

    public static RequestRecord Of(HttpContext context) =>
        context.Features.Get<RequestRecord>() ?? throw new InvalidOperationException("The request has no record: RequestLog must come first. This is a bug.");
}
