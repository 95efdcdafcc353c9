using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

public class EngineLoopFailureTests
{
    private static readonly EngineOptions One = new() { Parallel = 1, SharePrefixes = false };

    [Theory]
    [InlineData(DecodeStatus.NoCells)]
    [InlineData(DecodeStatus.InvalidBatch)]
    public async Task A_refused_step_fails_its_sequences_and_no_others(DecodeStatus status)
    {
        var runtime = new ScriptedRuntime();
        await using var engine = EngineRun.Start(runtime, One);
        var begun = runtime.HoldNextDecode();
        var inStep = engine.CompleteAsync(EngineRun.Request("in the step"));
        await begun;
        var waiting = engine.CompleteAsync(EngineRun.Request("waiting", count: 3));

        runtime.FailNextDecode(status);
        runtime.Release();

        await Assert.ThrowsAsync<GenerationFailedException>(() => inStep.WaitAsync(TestTimeouts.Patience));
        Assert.NotEmpty((await waiting).Text);
        await engine.StopAsync(CancellationToken.None);
        Assert.True(engine.Ended.IsCompletedSuccessfully);
        Assert.Equal(0, runtime.UsedCells);
    }

    [Fact]
    public async Task Logits_that_are_no_numbers_fail_their_sequence_and_no_other()
    {
        var bad = new ScriptedVocabulary().Tokenize("%%%%", parseSpecial: false);
        var runtime = new ScriptedRuntime((prefix, logits) =>
        {
            ScriptedRuntime.Hashed(prefix, logits);
            if (prefix.IndexOf(bad) >= 0)
                logits.Fill(float.NaN);
        });
        await using var engine = EngineRun.Start(runtime, new EngineOptions { Parallel = 4 });

        var reasoning = engine.CompleteAsync(EngineRun.Request("bad %%%% numbers"));
        var answer = engine.CompleteAsync(EngineRun.Request("bad %%%% numbers in the answer", budget: 0, count: 4));
        var good = engine.CompleteAsync(EngineRun.Request("good numbers", count: 4));

        await Assert.ThrowsAsync<GenerationFailedException>(() => reasoning.WaitAsync(TestTimeouts.Patience));
        await Assert.ThrowsAsync<GenerationFailedException>(() => answer.WaitAsync(TestTimeouts.Patience));
        Assert.NotEmpty((await good).Text);
    }

    [Fact]
    public async Task A_failed_decode_ends_the_loop_and_tells_everybody()
    {
        var runtime = new ScriptedRuntime();
        await using var engine = EngineRun.Start(runtime, One);
        var begun = runtime.HoldNextDecode();
        var running = engine.CompleteAsync(EngineRun.Request("running"));
        await begun;
        var waiting = engine.CompleteAsync(EngineRun.Request("waiting") with { Stream = true });

        runtime.FailNextDecode(DecodeStatus.Failed);
        runtime.Release();

        await Assert.ThrowsAsync<EngineUnavailableException>(() => running.WaitAsync(TestTimeouts.Patience));
        await Assert.ThrowsAsync<EngineUnavailableException>(() => waiting.WaitAsync(TestTimeouts.Patience));
        await Assert.ThrowsAsync<EngineUnavailableException>(() => engine.Ended.WaitAsync(TestTimeouts.Patience));
        await Assert.ThrowsAsync<EngineUnavailableException>(() => engine.CompleteAsync(EngineRun.Request("late")));
    }

    [Fact]
    public async Task A_runtime_that_throws_ends_the_loop_with_its_exception()
    {
        var runtime = new ScriptedRuntime((_, _) => throw new InvalidOperationException("broken script"));
        await using var engine = EngineRun.Start(runtime);

        var told = await Assert.ThrowsAsync<EngineUnavailableException>(() => engine.CompleteAsync(EngineRun.Request("running")));

        Assert.Equal("broken script", told.InnerException?.Message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Ended.WaitAsync(TestTimeouts.Patience));
    }
}
