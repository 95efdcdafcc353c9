using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

public class LoopMeterTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void What_the_loop_holds_is_that_of_its_last_turn()
    {
        var meter = new LoopMeter(_clock, poolCells: 100);

        meter.Turn(running: 1, waiting: 2, reservedCells: 30, prefixCells: 4);
        meter.Turn(running: 5, waiting: 6, reservedCells: 70, prefixCells: 8);

        var snapshot = meter.Snapshot;
        Assert.Equal((5, 6, 70, 100, 8), (snapshot.Running, snapshot.Waiting, snapshot.ReservedCells, snapshot.PoolCells, snapshot.PrefixCells));
    }

    [Fact]
    public void Time_in_the_runtime_is_a_part_of_the_time_of_steps()
    {
        var meter = new LoopMeter(_clock, poolCells: 100);

        Step(meter, decode: 3, after: 1, tokensWait: false);
        _clock.Advance(TimeSpan.FromSeconds(50)); // at rest
        Step(meter, decode: 4, after: 2, tokensWait: false);

        var snapshot = meter.Snapshot;
        Assert.Equal((2, 14), (snapshot.Steps, snapshot.Rows));
        Assert.Equal(TimeSpan.FromSeconds(7), snapshot.DecodeTime);
        Assert.Equal(TimeSpan.FromSeconds(10), snapshot.StepTime);
    }

    [Fact]
    public void A_gap_is_the_time_between_tokens_that_somebody_waited_for()
    {
        var meter = new LoopMeter(_clock, poolCells: 100);

        Step(meter, decode: 9, after: 0, tokensWait: true); // a prompt: its first token ends no gap
        Assert.Equal(TimeSpan.Zero, meter.Snapshot.LongestGap);
        Step(meter, decode: 2, after: 1, tokensWait: true);
        Step(meter, decode: 1, after: 0, tokensWait: false);
        _clock.Advance(TimeSpan.FromSeconds(50)); // nobody waits
        Step(meter, decode: 9, after: 0, tokensWait: true);

        Assert.Equal(TimeSpan.FromSeconds(3), meter.Snapshot.LongestGap);
    }

    [Fact]
    public void A_step_given_up_takes_its_time_and_ends_no_gap()
    {
        var meter = new LoopMeter(_clock, poolCells: 100);
        Step(meter, decode: 1, after: 0, tokensWait: true);

        meter.Turn(running: 1, waiting: 0, reservedCells: 0, prefixCells: 0);
        var began = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(5));
        meter.Decoded(rows: 7, began);
        meter.StepGivenUp();
        Step(meter, decode: 1, after: 0, tokensWait: true);

        Assert.Equal(TimeSpan.FromSeconds(7), meter.Snapshot.StepTime);
        Assert.Equal(meter.Snapshot.StepTime, meter.Snapshot.DecodeTime);
        Assert.Equal(TimeSpan.Zero, meter.Snapshot.LongestGap);
    }

    private void Step(LoopMeter meter, int decode, int after, bool tokensWait)
    {
        meter.Turn(running: 1, waiting: 0, reservedCells: 0, prefixCells: 0);
        var began = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(decode));
        meter.Decoded(rows: 7, began);
        _clock.Advance(TimeSpan.FromSeconds(after));
        meter.StepEnded(tokensWait);
    }
}
