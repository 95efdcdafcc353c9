using System.Numerics.Tensors;
using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.Engines.Local.Answers;

namespace ReasonRank.Tests.Engines.Local;

public class TokenSamplerTests
{
    private const int Draws = 20_000;

    [Fact]
    public void Greedy_draws_the_first_of_the_largest()
    {
        var random = new Random(8);
        for (var round = 0; round < 2000; round++)
        {
            var logits = new float[random.Next(1, 200)];
            for (var i = 0; i < logits.Length; i++)
                logits[i] = random.Next(-4, round % 3) * (random.Next(2) == 0 ? 0.5f : -0.5f) - 1f;
            if (round % 5 == 0)
                logits[random.Next(logits.Length)] = -0f;

            Assert.Equal(TensorPrimitives.IndexOfMax<float>(logits), new TokenSampler(logits.Length).Sample(logits, Sampling.Greedy, 0, 0));
        }
    }

    [Fact]
    public void Greedy_takes_the_likeliest()
    {
        Assert.Equal(2, new TokenSampler(4).Sample([1f, -3f, 2f, 1.9f], Sampling.Greedy, seed: 1, place: 0));
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.5f)]
    [InlineData(2f)]
    public void Tokens_are_drawn_as_often_as_the_temperature_says(float temperature)
    {
        float[] logits = [0.3f, 1.7f, -0.6f, float.NegativeInfinity, 1.1f];
        var weights = logits.Select(logit => Math.Exp(logit / temperature)).ToArray();

        var counts = Count(logits, new Sampling(temperature));

        Assert.Equal(0, counts[3]);
        AssertShares(weights, counts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(200)]
    public void Top_k_keeps_the_k_likeliest_in_their_proportions(int topK)
    {
        var random = new Random(14);
        var logits = Enumerable.Range(0, 200).Select(_ => random.NextSingle() * 6).ToArray();
        var floor = logits.OrderDescending().ElementAt(topK - 1);
        var weights = logits.Select(logit => logit >= floor ? Math.Exp(logit) : 0).ToArray();

        AssertShares(weights, Count(logits, new Sampling(1f, TopK: topK)));
    }

    [Theory]
    [InlineData(0.3f, 1)]
    [InlineData(0.5f, 2)]
    [InlineData(0.71f, 6)]
    public void Top_p_keeps_the_smallest_set_of_the_likeliest_that_has_its_share_of_the_whole(float topP, int expected)
    {
        // 0.45, 0.25 and a tail of 98 equal ones, each less than its share of what top-p cuts.
        var weights = Enumerable.Range(0, 100).Select(i => i == 7 ? 0.45 : i == 60 ? 0.25 : 0.3 / 98).ToArray();
        var logits = weights.Select(weight => (float)Math.Log(weight)).ToArray();

        var counts = Count(logits, new Sampling(1f, TopP: topP));

        Assert.True(counts[7] > 0 && (counts[60] > 0 || expected < 2));
        Assert.Equal(expected, counts.Count(count => count > 0));
    }

    [Fact]
    public void Top_p_takes_its_share_of_what_top_k_kept()
    {
        float[] weights = [0.40f, 0.30f, 0.10f, 0.10f, 0.10f];

        var counts = Count([.. weights.Select(weight => MathF.Log(weight))], new Sampling(1f, TopK: 2, TopP: 0.5f)); // 0.40 of 0.70 is enough

        Assert.Equal([Draws, 0, 0, 0, 0], counts);
    }

    [Fact]
    public void A_draw_depends_on_its_seed_and_place_alone()
    {
        var random = new Random(15);
        var logits = Enumerable.Range(0, 300).Select(_ => random.NextSingle() * 4).ToArray();
        var (fresh, used) = (new TokenSampler(300), new TokenSampler(300));
        var sampling = new Sampling(0.7f, TopK: 30, TopP: 0.9f);
        var drawn = new HashSet<int>();

        for (var place = 0; place < 100; place++)
        {
            used.Sample([.. logits.Reverse()], new Sampling(1f), seed: 3, place);
            var token = used.Sample(logits, sampling, seed: 9, place);

            Assert.Equal(new TokenSampler(300).Sample(logits, sampling, seed: 9, place), token);
            Assert.Equal(fresh.Sample(logits, sampling, seed: 9, place), token);
            drawn.Add(token);
        }

        Assert.True(drawn.Count > 10, $"{drawn.Count} different tokens");
    }

    [Fact]
    public void A_constrained_draw_is_among_the_allowed_and_in_their_proportions()
    {
        AnswerToken[] tokens = [new(5, []), new(0, []), new(3, []), new(1, [])];
        float[] logits = [1f, 2f, 9f, 0.5f, 9f, 3f];
        var sampler = new TokenSampler(6);
        var counts = new int[4];

        for (var seed = 0u; seed < Draws; seed++)
            counts[new[] { 0, 2, 3 }[sampler.Sample(logits, tokens, [0, 2, 3], new Sampling(1f), seed, place: 4)]]++;

        AssertShares([Math.Exp(3), 0, Math.Exp(0.5), Math.Exp(2)], counts);
        Assert.Equal(2, sampler.Sample(logits, tokens, [1, 2, 3], Sampling.Greedy, 0, 0));
    }

    [Fact]
    public void A_constrained_draw_takes_its_top_p_of_what_top_k_kept()
    {
        float[] logits = [MathF.Log(0.40f), MathF.Log(0.30f), MathF.Log(0.15f), MathF.Log(0.15f)];
        AnswerToken[] tokens = [new(0, []), new(1, []), new(2, []), new(3, [])];
        var sampler = new TokenSampler(4);
        var drawn = new HashSet<int>();

        for (var seed = 0u; seed < 200; seed++)
            drawn.Add(sampler.Sample(logits, tokens, [0, 1, 2, 3], new Sampling(1f, TopK: 2, TopP: 0.5f), seed, place: 0)); // 0.40 of 0.70 is enough

        Assert.Equal([0], drawn);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Logits_that_are_no_finite_numbers_are_refused(float bad)
    {
        var sampler = new TokenSampler(3);
        AnswerToken[] tokens = [new(0, []), new(1, []), new(2, [])];

        Assert.Throws<GenerationFailedException>(() => sampler.Sample([0f, bad, 1f], Sampling.Greedy, 0, 0));
        Assert.Throws<GenerationFailedException>(() => sampler.Sample([0f, bad, 1f], new Sampling(1f, 2, 0.9f), 0, 0));
        Assert.Throws<GenerationFailedException>(() => sampler.Sample([0f, bad, 1f], tokens, [0, 1], Sampling.Greedy, 0, 0));
        Assert.Throws<GenerationFailedException>(() => sampler.Sample([0f, bad, 1f], tokens, [1, 2], new Sampling(1f), 0, 0));
    }

    [Fact]
    public void Logits_that_allow_nothing_are_refused()
    {
        var nothing = new float[] { float.NegativeInfinity, float.NegativeInfinity };

        Assert.Throws<GenerationFailedException>(() => new TokenSampler(2).Sample(nothing, Sampling.Greedy, 0, 0));
        Assert.Throws<GenerationFailedException>(() => new TokenSampler(2).Sample(nothing, [new(0, [])], [0], Sampling.Greedy, 0, 0));
    }

    private static int[] Count(float[] logits, Sampling sampling)
    {
        var sampler = new TokenSampler(logits.Length);
        var counts = new int[logits.Length];
        for (var seed = 0u; seed < Draws; seed++)
            counts[sampler.Sample(logits, sampling, seed, place: (int)(seed % 50))]++;
        return counts;
    }

    /// <summary>Each share within five standard deviations: with fixed seeds a sampler that is right always passes.</summary>
    private static void AssertShares(double[] weights, int[] counts)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var share = weights[i] / weights.Sum();
            var slack = 5 * Math.Sqrt(Draws * share * (1 - share)) + 1e-9;
            Assert.True(Math.Abs(counts[i] - Draws * share) <= slack, $"token {i}: {counts[i]} draws, {Draws * share:F0} expected");
        }
    }
}
