using ReasonRank.Prompting;
using ReasonRank.Ranking;

namespace ReasonRank.Tests.Ranking;

public class RankingJobTests
{
    private static readonly RankingRequest Valid = RankingScene.Request("one", "two", "three");

    public static TheoryData<string, RankingRequest> Broken() => new()
    {
        { "query", Valid with { Query = " \t" } },
        { "documents", Valid with { Candidates = [] } },
        { "window_size", Valid with { WindowSize = 0 } },
        { "window_size", Valid with { WindowSize = 1 } },
        { "window_size", Valid with { WindowSize = 101 } },
        { "stride", Valid with { Stride = 0 } },
        { "stride", Valid with { WindowSize = 10, Stride = 11 } },
        { "stride", Valid with { Stride = 21 } },
        { "passes", Valid with { Passes = 0 } },
        { "passes", Valid with { Passes = 11 } },
        { "rank_start", Valid with { RankStart = -1 } },
        { "rank_start", Valid with { RankStart = 3 } },
        { "rank_end", Valid with { RankStart = 1, RankEnd = 1 } },
        { "rank_end", Valid with { RankEnd = -2 } },
        { "reasoning_budget", Valid with { ReasoningBudget = -1 } },
        { "max_tokens_per_doc", Valid with { MaxPassageTokens = 0 } },
        { "temperature", Valid with { Temperature = -0.1f } },
        { "temperature", Valid with { Temperature = float.NaN } },
        { "temperature", Valid with { Temperature = 2.1f } },
        { "top_p", Valid with { TopP = 0 } },
        { "top_p", Valid with { TopP = 1.1f } },
        { "top_k", Valid with { TopK = -1 } },
        { "timeout_ms", Valid with { Timeout = TimeSpan.Zero } },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_rule_is_named_with_its_field(string field, RankingRequest request)
    {
        var refusal = Assert.Throws<InvalidRequestException>(() => Resolve(request));

        Assert.Equal(field, refusal.Field);
        Assert.StartsWith(field, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_request_leaves_open_comes_from_options_and_profile()
    {
        var job = Resolve(Valid);

        Assert.Equal((20, 10, 3, 3, 512, 3_072), (job.WindowSize, job.Stride, job.TopN, job.RankEnd, job.MaxPassageTokens, job.ReasoningBudget));
        Assert.Equal("sliding-window", job.Strategy);
        Assert.Null(job.Timeout);
        Assert.Equal(100, Resolve(Valid, new RankingOptions { ReasoningBudget = 100 }).ReasoningBudget);
    }

    [Fact]
    public void A_small_window_overlaps_by_half_unless_the_client_chose_a_stride()
    {
        Assert.Equal(2, Resolve(Valid with { WindowSize = 5 }).Stride);
        Assert.Equal(5, Resolve(Valid with { WindowSize = 5, Stride = 5 }).Stride);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(-4, 3)]
    [InlineData(2, 2)]
    [InlineData(9, 3)]
    public void The_top_is_cut_to_what_there_is(int asked, int topN) => Assert.Equal(topN, Resolve(Valid with { TopN = asked }).TopN);

    [Fact]
    public void A_deadline_is_cut_to_the_servers_limit_with_a_warning()
    {
        var options = new RankingOptions { MaxTimeout = TimeSpan.FromSeconds(5), DefaultTimeout = TimeSpan.FromSeconds(3) };

        Assert.Equal(TimeSpan.FromSeconds(3), Resolve(Valid, options).Timeout);
        var job = Resolve(Valid with { Timeout = TimeSpan.FromSeconds(9) }, options);
        Assert.Equal(TimeSpan.FromSeconds(5), job.Timeout);
        Assert.Contains("5000", Assert.Single(job.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_seed_is_the_same_in_every_process()
    {
        // A fixed figure: a hash that differed between runs would make sampled rankings irreproducible.
        Assert.Equal(366472976u, Resolve(Valid).Seed);
        Assert.Equal(366472976u, Resolve(Valid with { Client = "someone else" }).Seed);
        Assert.Equal(5u, Resolve(Valid with { Seed = 5 }).Seed);
    }

    [Fact]
    public void Whatever_decides_the_answer_decides_the_key()
    {
        RankingRequest[] different =
        [
            Valid,
            Valid with { Query = "another" },
            Valid with { Candidates = [.. Valid.Candidates.Reverse()] },
            Valid with { Candidates = [new("one", "title"), .. Valid.Candidates.Skip(1)] },
            Valid with { Candidates = [new("onet"), new("wo"), new("three")] },
            Valid with { TopN = 1 },
            Valid with { ReasoningBudget = 10 },
            Valid with { WindowSize = 3 },
            Valid with { Stride = 7 },
            Valid with { Passes = 2 },
            Valid with { RankStart = 1 },
            Valid with { RankEnd = 2 },
            Valid with { MaxPassageTokens = 7 },
            Valid with { Temperature = 0.5f },
            Valid with { TopP = 0.5f },
            Valid with { TopK = 5 },
            Valid with { Seed = 1 },
            Valid with { Strategy = "top-down" },
            Valid with { Constrain = false },
            Valid with { Client = "b" },
        ];

        var keys = different.Select(request => Resolve(request).Key)
            .Append(Resolve(Valid, profile: PromptProfile.ReasonRankQwen3).Key)
            .Append(Resolve(Valid, model: "another").Key)
            .ToArray();

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys[0], Resolve(Valid with { Timeout = TimeSpan.FromSeconds(1), OnError = FailurePolicy.Passthrough, TopN = 3 }).Key);
    }

    private static RankingJob Resolve(
        RankingRequest request, RankingOptions? options = null, PromptProfile? profile = null, string model = "model") =>
        RankingJob.Resolve(request, options ?? new RankingOptions(), profile ?? PromptProfile.ReasonRank, model);
}
