using ReasonRank.Ranking;

namespace ReasonRank.Tests.Ranking;

public class RankingOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.True(new RankingOptionsValidator().Validate(null, new RankingOptions()).Succeeded);

    [Fact]
    public void Every_broken_rule_is_reported_by_its_key()
    {
        var options = new RankingOptions { WindowSize = 1, Stride = 30, MaxQueue = -1, Strategy = "", MaxTimeout = TimeSpan.Zero };

        var failures = new RankingOptionsValidator().Validate(null, options).Failures?.ToArray() ?? [];

        Assert.Equal(5, failures.Length);
        Assert.All([nameof(options.WindowSize), nameof(options.MaxQueue), nameof(options.Strategy), nameof(options.MaxTimeout)],
            key => Assert.Contains(failures, failure => failure.Contains(key, StringComparison.Ordinal)));
        Assert.Contains("ReasonRank:Ranking: Stride (30) must not exceed WindowSize (1).", failures);
    }
}
