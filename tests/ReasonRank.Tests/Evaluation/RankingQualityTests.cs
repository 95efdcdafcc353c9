using ReasonRank.Evaluation;

namespace ReasonRank.Tests.Evaluation;

public class RankingQualityTests
{
    private static readonly Dictionary<string, int> Relevance = new() { ["a"] = 3, ["b"] = 2, ["c"] = 1, ["d"] = 0, ["e"] = -1 };

    [Fact]
    public void Ndcg_discounts_relevance_by_the_logarithm_of_the_rank()
    {
        // DCG: 2/log2(2) + 0 + 3/log2(4) = 3.5; ideal: 3 + 2/log2(3) + 1/2 = 4.7618595...
        Assert.Equal(3.5 / (3 + (2 / Math.Log2(3)) + 0.5), RankingQuality.Ndcg(["b", "x", "a"], Relevance, 10), 12);
        Assert.Equal(0.7350070, RankingQuality.Ndcg(["b", "x", "a"], Relevance, 10), 7);
        Assert.Equal(2.0 / 3, RankingQuality.Ndcg(["b", "x", "a"], Relevance, 1), 12);
        Assert.Equal(1, RankingQuality.Ndcg(["a", "b", "c"], Relevance, 10), 12);
    }

    [Fact]
    public void The_ideal_order_has_documents_that_were_not_retrieved() =>
        Assert.Equal(3 / (3 + (2 / Math.Log2(3))), RankingQuality.Ndcg(["a"], Relevance, 2), 12);

    [Fact]
    public void A_negative_relevance_gains_nothing() =>
        Assert.Equal(RankingQuality.Ndcg(["d", "a"], Relevance, 5), RankingQuality.Ndcg(["e", "a"], Relevance, 5), 12);

    [Theory]
    [InlineData("d e c a", 1.0 / 3)]
    [InlineData("a", 1)]
    [InlineData("d x", 0)]
    public void The_reciprocal_rank_is_that_of_the_first_relevant_document(string order, double expected) =>
        Assert.Equal(expected, RankingQuality.ReciprocalRank(order.Split(' '), Relevance));

    [Fact]
    public void Recall_is_the_share_of_the_relevant_within_the_cut()
    {
        Assert.Equal(1.0 / 3, RankingQuality.Recall(["d", "c", "a"], Relevance, 2));
        Assert.Equal(2.0 / 3, RankingQuality.Recall(["d", "c", "a"], Relevance, 3));
    }

    [Fact]
    public void Without_anything_relevant_every_measure_is_zero()
    {
        var none = new Dictionary<string, int> { ["a"] = 0 };

        Assert.Equal(0, RankingQuality.Ndcg(["a"], none, 10));
        Assert.Equal(0, RankingQuality.Recall(["a"], none, 10));
        Assert.Equal(0, RankingQuality.ReciprocalRank(["a"], none));
    }

    [Fact]
    public void A_run_is_the_mean_over_its_judged_queries()
    {
        var judgments = Judgments.Read(new StringReader("q1 0 a 1\nq2 0 b 1\nq4 0 a 1\n"));
        var run = new TrecRun();
        run.Add("q1", ["a", "x"]);
        run.Add("q2", ["x", "b"]);
        run.Add("q3", ["x"]);

        var quality = RunQuality.Of(run, judgments);

        Assert.Equal((2, 0.5, 0.75, 1.0), (quality.Queries, quality.Ndcg1, quality.ReciprocalRank, quality.Recall10));
        Assert.Equal((1 + (1 / Math.Log2(3))) / 2, quality.Ndcg10, 12);
        Assert.Equal(quality.Ndcg5, quality.Ndcg10);
    }

    [Fact]
    public void A_run_without_judged_queries_scores_zero() =>
        Assert.Equal(new RunQuality(0, 0, 0, 0, 0, 0), RunQuality.Of(new TrecRun(), Judgments.Read(new StringReader(""))));
}
