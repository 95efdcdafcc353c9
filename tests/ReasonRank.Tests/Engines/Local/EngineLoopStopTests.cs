using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

public class EngineLoopStopTests
{
    private static readonly EngineOptions One = new() { Parallel = 1, SharePrefixes = false };

    [Fact]
    public async Task Stopping_finishes_accepted_work_and_refuses_new()
    {
        var runtime = new ScriptedRuntime();
        await using var engine = EngineRun.Start(runtime, One);
        var begun = runtime.HoldNextDecode();
        var running = engine.CompleteAsync(EngineRun.Request("running", count: 3));
        await begun;
        var waiting = engine.CompleteAsync(EngineRun.Request("waiting", count: 3));

        var stopped = engine.StopAsync(CancellationToken.None);
        await Assert.ThrowsAsync<EngineUnavailableException>(() => engine.CompleteAsync(EngineRun.Request("late")));
        Assert.False(stopped.IsCompleted);
        runtime.Release();

        await stopped;
        Assert.NotEmpty((await running).Text);
        Assert.NotEmpty((await waiting).Text);
        Assert.True(engine.Ended.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task The_deadline_of_a_stop_aborts_the_step_and_fails_who_still_waits()
    {
        var runtime = new ScriptedRuntime(ScriptedRuntime.Endless);
        await using var engine = EngineRun.Start(runtime, One);
        using var deadline = new CancellationTokenSource();
        var begun = runtime.HoldNextDecode();
        var running = engine.CompleteAsync(EngineRun.Request("running", budget: 1000));
        await begun;
        await runtime.StepAsync();
        var waiting = engine.CompleteAsync(EngineRun.Request("waiting"));
        var stopped = engine.StopAsync(deadline.Token);

        await deadline.CancelAsync();

        await stopped;
        await Assert.ThrowsAsync<EngineUnavailableException>(() => running);
        await Assert.ThrowsAsync<EngineUnavailableException>(() => waiting);
        Assert.True(engine.Ended.IsCompletedSuccessfully);
        Assert.Equal(2, engine.Snapshot.Steps);
    }

    [Fact]
    public async Task A_stopped_engine_may_be_stopped_and_disposed_again()
    {
        var runtime = new ScriptedRuntime();
        var engine = EngineRun.Start(runtime);

        await engine.StopAsync(CancellationToken.None);
        await engine.StopAsync(new CancellationToken(canceled: true));
        await engine.DisposeAsync();
        await engine.DisposeAsync();

        Assert.True(runtime.IsDisposed);
        Assert.Equal(0, runtime.Aborts); // nothing was running
    }

    [Fact]
    public async Task A_generation_whose_text_is_read_after_the_engine_was_disposed_is_refused()
    {
        var engine = EngineRun.Start(new ScriptedRuntime());
        var generation = engine.GenerateAsync(EngineRun.Request("slow reader") with { Stream = true }, CancellationToken.None)
            .GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await generation.MoveNextAsync());
        await engine.StopAsync(CancellationToken.None);
        await engine.DisposeAsync();

        await Assert.ThrowsAsync<EngineUnavailableException>(async () =>
        {
            while (await generation.MoveNextAsync())
            {
            }
        });

        await generation.DisposeAsync();
    }
}
