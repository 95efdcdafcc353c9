namespace ReasonRank.Ranking;

/// <summary>A way to order a long list through windows. Thread-safe: what belongs to a request is in its run.</summary>
internal interface IRankingStrategy
{
    /// <summary>One of <see cref="StrategyNames"/>.</summary>
    string Name { get; }

    /// <summary>What the ranking will probably take: its stages one after another, each of one or more windows at the same time.</summary>
    IReadOnlyList<WindowLoad> Stages(RankingJob job);

    /// <summary>Works through the stages, or through what the deadline leaves time for. The run's order is whole at any time.</summary>
    /// <returns>Whether everything was done.</returns>
    Task<bool> RankAsync(RankingRun run, CancellationToken cancellationToken);
}
