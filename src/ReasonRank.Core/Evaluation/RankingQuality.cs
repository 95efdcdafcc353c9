namespace ReasonRank.Evaluation;

/// <summary>How good one order is, by the definitions of trec_eval. Each measure is 0 when nothing relevant is known.</summary>
public static class RankingQuality
{
    /// <summary>Normalised discounted cumulative gain of the first <paramref name="cut"/>: the gain is the relevance, the discount log2(rank + 1).</summary>
    public static double Ndcg(IReadOnlyList<string> order, IReadOnlyDictionary<string, int> relevance, int cut)
    {
        var ideal = Gain(relevance.Values.OrderDescending().Take(cut));
        return ideal == 0 ? 0 : Gain(order.Take(cut).Select(document => relevance.GetValueOrDefault(document))) / ideal;
    }

    /// <summary>One over the rank of the first relevant document.</summary>
    public static double ReciprocalRank(IReadOnlyList<string> order, IReadOnlyDictionary<string, int> relevance)
    {
        for (var rank = 1; rank <= order.Count; rank++)
        {
            if (relevance.GetValueOrDefault(order[rank - 1]) > 0)
                return 1.0 / rank;
        }
        return 0;
    }

    /// <summary>The share of the relevant documents that are among the first <paramref name="cut"/>.</summary>
    public static double Recall(IReadOnlyList<string> order, IReadOnlyDictionary<string, int> relevance, int cut)
    {
        var relevant = relevance.Values.Count(value => value > 0);
        return relevant == 0 ? 0 : (double)order.Take(cut).Count(document => relevance.GetValueOrDefault(document) > 0) / relevant;
    }

    private static double Gain(IEnumerable<int> relevances) =>
        relevances.Select((relevance, index) => Math.Max(relevance, 0) / Math.Log2(index + 2)).Sum();
}
