namespace ReasonRank.Evaluation;

/// <summary>The quality of a run: means over its queries.</summary>
/// <param name="Queries">Queries that are in the run and judged; the means are over these, as trec_eval takes them.</param>
public sealed record RunQuality(int Queries, double Ndcg1, double Ndcg5, double Ndcg10, double ReciprocalRank, double Recall10)
{
    public static RunQuality Of(TrecRun run, Judgments judgments)
    {
        var orders = run.Queries
            .Where(judgments.Queries.Contains)
            .Select(query => (Order: run.Order(query), Relevance: judgments.For(query)))
            .ToList();
        return new RunQuality(
            orders.Count,
            Mean(1, RankingQuality.Ndcg),
            Mean(5, RankingQuality.Ndcg),
            Mean(10, RankingQuality.Ndcg),
            Mean(0, (order, relevance, _) => RankingQuality.ReciprocalRank(order, relevance)),
            Mean(10, RankingQuality.Recall));

        double Mean(int cut, Func<IReadOnlyList<string>, IReadOnlyDictionary<string, int>, int, double> measure) =>
            orders.Select(query => measure(query.Order, query.Relevance, cut)).DefaultIfEmpty().Average();
    }
}
