using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

public sealed class StepCancellationTests : IDisposable
{
    private readonly ScriptedRuntime _runtime = new();
    private readonly StepCancellation _step;
    private readonly StepPlan _plan = new();
    private readonly Sequence _one = StepTrace.Sequence(id: 0, prompt: 5, pending: 0, isDecoding: false);
    private readonly Sequence _other = StepTrace.Sequence(id: 1, prompt: 5, pending: 0, isDecoding: false);

    public StepCancellationTests()
    {
        _step = new StepCancellation(_runtime);
        _plan.Add(_one, 5);
        _plan.Add(_other, 5);
        _plan.Add(new Prefix([1, 2, 3]), 3); // nobody waits for a head by itself
    }

    public void Dispose() => _runtime.Dispose();

    [Fact]
    public void A_step_runs_while_somebody_waits_for_it()
    {
        _one.Cancel();

        Assert.True(_step.Begin(_plan));
        _other.Cancel();
        _step.End();
        Assert.False(_step.Begin(_plan));
        Assert.Equal(0, _runtime.Aborts);
    }

    [Fact]
    public void The_last_to_leave_aborts_it()
    {
        _step.Begin(_plan);

        _step.Cancelled(_one);
        _step.Cancelled(_one);
        Assert.Equal(0, _runtime.Aborts);
        _step.Cancelled(_other);
        Assert.Equal(1, _runtime.Aborts);
    }

    [Fact]
    public void Between_steps_there_is_nothing_to_abort()
    {
        _step.Begin(_plan);
        _step.End();

        _step.Cancelled(_one);
        _step.Cancelled(_other);
        _step.Stop();

        Assert.Equal(0, _runtime.Aborts);
    }

    [Fact]
    public void After_a_stop_no_step_begins()
    {
        _step.Begin(_plan);
        _step.Stop();
        _step.End();

        Assert.Equal(1, _runtime.Aborts);
        Assert.True(_step.IsStopped);
        Assert.False(_step.Begin(_plan));
    }
}
