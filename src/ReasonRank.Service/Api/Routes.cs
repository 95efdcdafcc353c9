namespace ReasonRank.Service.Api;

/// <summary>The paths of the service.</summary>
internal static class Routes
{
    /// <summary>All served by one handler: the body tells what is meant, not the path.</summary>
    public static readonly IReadOnlyList<string> Rerank = 
    [
        "/rerank", "/v1/rerank", "/v2/rerank", "/reranking", "/v1/reranking", "/ranking", "/v1/ranking", "/api/rerank",
        // TEI answers at its root when it serves a reranker; SageMaker always asks there.
        "/", "/invocations",
    ];

    /// <summary>A sentence for those who missed them.</summary>
    public static string Known { get; } =
        $"To rank, POST to {string.Join(", ", Rerank)}. To look around, GET /info, /v1/models, /health/ready, /metrics, /swagger.";
}
