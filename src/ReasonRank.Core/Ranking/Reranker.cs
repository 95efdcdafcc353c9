using ReasonRank.Engines;

namespace ReasonRank.Ranking;

/// <summary>The one way in: admits a request, ranks it, and answers with a permutation of all its candidates. Thread-safe.</summary>
public sealed class Reranker(IGenerationEngine engine)
{
    /// <summary>Ranks the request's candidates.</summary>
    /// <param name="watcher">Told of progress while it happens; null when nobody watches (text isn't streamed then).</param>
    /// <exception cref="RankingException">The request can't be ranked.</exception>
    /// <exception cref="EngineException">The engine failed and the request doesn't take its input order for an answer.</exception>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public Task<RankingResult> RankAsync(RankingRequest request, Action<RankingEvent>? watcher, CancellationToken cancellationToken) =>
        throw new EngineUnavailableException($"{engine.Info.Model}: the ranking loop isn't composed yet.");
}
