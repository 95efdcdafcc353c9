namespace ReasonRank.Ranking;

/// <summary>
/// The relevance score of a place in a ranking. A listwise model gives an order and no figures, so the score is ordinal:
/// 1 for the first, falling evenly to 1/n for the last, never equal for two.
/// </summary>
public static class RankScore
{
    /// <summary>What responses call this kind of score.</summary>
    public const string Type = "rank_linear";

    /// <param name="rank">1 for the best.</param>
    /// <param name="count">Candidates ranked, before any cut to the top.</param>
    /// <returns>A score in (0, 1].</returns>
    public static double Linear(int rank, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, count);
        return (count - rank + 1) / (double)count;
    }
}
