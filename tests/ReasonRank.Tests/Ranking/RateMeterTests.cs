using ReasonRank.Engines;
using ReasonRank.Ranking;

namespace ReasonRank.Tests.Ranking;

public class RateMeterTests
{
    [Fact]
    public void Nothing_is_known_before_the_first_window() => Assert.Null(new RateMeter(4).At(1));

    [Fact]
    public void Rates_are_seconds_per_prompt_token_and_per_step()
    {
        var meter = new RateMeter(4);

        meter.Record(1, Generated(prompt: 1_000, reused: 100, steps: 50, prefill: 2, decode: 5), TimeSpan.FromSeconds(7.25));

        Assert.Equal(new EngineRates(0.002, 0.1, 0.25), meter.At(1));
    }

    [Fact]
    public void Each_number_of_requests_at_work_has_its_own_rates()
    {
        var meter = new RateMeter(8);
        meter.Record(1, Generated(steps: 10, decode: 1), TimeSpan.FromSeconds(1));
        meter.Record(8, Generated(steps: 10, decode: 4), TimeSpan.FromSeconds(4));

        Assert.Equal(0.1, meter.At(1)?.Step);
        Assert.Equal(0.1, meter.At(3)?.Step);
        Assert.Equal(0.4, meter.At(7)?.Step);
    }

    [Fact]
    public void Rates_follow_the_engine_when_it_changes()
    {
        var meter = new RateMeter(1);
        for (var i = 0; i < 50; i++)
            meter.Record(1, Generated(steps: 10, decode: 1), TimeSpan.FromSeconds(1));
        for (var i = 0; i < 10; i++)
            meter.Record(1, Generated(steps: 10, decode: 3), TimeSpan.FromSeconds(3));

        Assert.InRange(meter.At(1)!.Value.Step, 0.29, 0.3);
    }

    [Fact]
    public void A_short_window_weighs_less_than_a_long_one()
    {
        var meter = new RateMeter(1);
        meter.Record(1, Generated(steps: 1_000, decode: 100), TimeSpan.FromSeconds(100));
        meter.Record(1, Generated(steps: 1, decode: 5), TimeSpan.FromSeconds(5));

        Assert.InRange(meter.At(1)!.Value.Step, 0.1, 0.11);
    }

    private static Generation Generated(int prompt = 0, int reused = 0, int steps = 0, double prefill = 0, double decode = 0) => new(
        "",
        FinishReason.Stop,
        new GenerationUsage { PromptTokens = prompt, ReusedPromptTokens = reused, CompletionTokens = steps, DecodeSteps = steps },
        new GenerationTimings(TimeSpan.Zero, TimeSpan.FromSeconds(prefill), TimeSpan.FromSeconds(decode)));
}
