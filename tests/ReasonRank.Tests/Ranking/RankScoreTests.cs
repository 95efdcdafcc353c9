using ReasonRank.Ranking;

namespace ReasonRank.Tests.Ranking;

public class RankScoreTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1_000)]
    public void Scores_fall_from_one_and_stay_above_zero(int count)
    {
        var scores = Enumerable.Range(1, count).Select(rank => RankScore.Linear(rank, count)).ToArray();

        Assert.Equal(1, scores[0]);
        Assert.Equal(1.0 / count, scores[^1]);
        Assert.All(scores.Zip(scores.Skip(1)), pair => Assert.True(pair.First > pair.Second));
    }
}
