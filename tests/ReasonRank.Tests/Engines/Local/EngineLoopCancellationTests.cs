using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

public class EngineLoopCancellationTests
{
    private static readonly EngineOptions Two = new() { Parallel = 2, PrefillChunk = 64, SharePrefixes = false };

    [Fact]
    public async Task A_sequence_that_leaves_while_it_waits_never_gets_a_row()
    {
        var runtime = new ScriptedRuntime(ScriptedRuntime.Endless);
        await using var engine = EngineRun.Start(runtime, Two with { Parallel = 1 });
        using var leaving = new CancellationTokenSource();
        var begun = runtime.HoldNextDecode();
        var staying = engine.CompleteAsync(EngineRun.Request("stays"));
        await begun;
        var left = engine.CompleteAsync(EngineRun.Request("leaves"), leaving.Token);

        await leaving.CancelAsync();
        runtime.Release();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.WaitAsync(TestTimeouts.Patience));
        var usage = (await staying).Usage;
        Assert.Equal(usage.PromptTokens + usage.CompletionTokens - 1, runtime.Steps.Sum(step => step.Length)); // the last token is never computed
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(20)]
    public async Task A_sequence_that_leaves_in_its_prompt_or_its_decode_frees_its_cells_at_the_next_step(int promptLength)
    {
        var runtime = new ScriptedRuntime(ScriptedRuntime.Endless);
        await using var engine = EngineRun.Start(runtime, Two);
        using var leaving = new CancellationTokenSource();
        var request = EngineRun.Request("stays", budget: 100, count: 5);
        var begun = runtime.HoldNextDecode();
        var staying = engine.CompleteAsync(request);
        await begun;
        var left = engine.CompleteAsync(EngineRun.Request(new string('x', promptLength), budget: 100), leaving.Token);
        for (var step = 0; step < 5; step++)
            await runtime.StepAsync();
        Assert.InRange(runtime.SeqMaxPos(1), 1, 4 * Two.PrefillChunk);

        await leaving.CancelAsync();
        await runtime.StepAsync();

        Assert.Equal(-1, runtime.SeqMaxPos(1));
        Assert.Equal(runtime.SeqMaxPos(0) + 1, runtime.UsedCells);
        Assert.Equal(0, runtime.Aborts);
        runtime.Release();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.WaitAsync(TestTimeouts.Patience));
        Assert.Equal((await AloneAsync(request)).Text, (await staying).Text);
    }

    [Fact]
    public async Task A_step_is_aborted_when_the_last_of_its_sequences_leaves_and_not_before()
    {
        var runtime = new ScriptedRuntime(ScriptedRuntime.Endless);
        await using var engine = EngineRun.Start(runtime, Two);
        using var leaving = new CancellationTokenSource();
        using var leavingLast = new CancellationTokenSource();
        var begun = runtime.HoldNextDecode();
        var one = engine.CompleteAsync(EngineRun.Request("one"), leaving.Token);
        await begun;
        var other = engine.CompleteAsync(EngineRun.Request("other"), leavingLast.Token);
        await runtime.StepAsync();

        await leaving.CancelAsync();
        var abortsForOne = runtime.Aborts;
        await leavingLast.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one.WaitAsync(TestTimeouts.Patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other.WaitAsync(TestTimeouts.Patience));
        await engine.StopAsync(CancellationToken.None);
        Assert.Equal(0, abortsForOne);
        Assert.Equal(1, runtime.Aborts);
        Assert.Equal(0, runtime.UsedCells);
        Assert.Equal(0, engine.Snapshot.ReservedCells);
    }

    [Fact]
    public async Task What_an_aborted_step_left_of_a_head_is_taken_back()
    {
        var head = new ChatPrompt(EngineRun.System, new string('y', 300), IsOpen: true);
        var runtime = new ScriptedRuntime(ScriptedRuntime.Endless);
        await using var engine = EngineRun.Start(runtime, Two with { SharePrefixes = true, IdlePrefixShare = 0.5 });
        using var leaving = new CancellationTokenSource();
        var begun = runtime.HoldNextDecode();
        var left = engine.CompleteAsync(EngineRun.Request("leaves") with { Upcoming = head }, leaving.Token);
        await begun;
        await runtime.StepAsync();
        await runtime.StepAsync();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.WaitAsync(TestTimeouts.Patience));
        var next = await engine.CompleteAsync(EngineRun.Request(head.User, count: 3));
        Assert.Equal(1, runtime.Aborts);
        Assert.InRange(next.Usage.ReusedPromptTokens, Two.PrefillChunk, 2 * Two.PrefillChunk);
        await engine.StopAsync(CancellationToken.None);
        Assert.True(engine.Ended.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Leaving_the_enumeration_early_frees_the_sequence()
    {
        var runtime = new ScriptedRuntime(ScriptedRuntime.Endless);
        await using var engine = EngineRun.Start(runtime, Two);
        var begun = runtime.HoldNextDecode();
        var generation = engine.GenerateAsync(EngineRun.Request("leaves", budget: 2000) with { Stream = true }, CancellationToken.None)
            .GetAsyncEnumerator(CancellationToken.None);
        var first = generation.MoveNextAsync();
        await begun;
        await runtime.StepAsync();
        Assert.True(await first);
        Assert.NotEmpty(generation.Current.Text);

        await generation.DisposeAsync();

        await engine.StopAsync(CancellationToken.None);
        Assert.Equal(0, runtime.UsedCells);
        Assert.True(engine.Ended.IsCompletedSuccessfully);
        Assert.Equal(2, engine.Snapshot.Steps);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_thousand_cancelled_requests_nothing_is_held(bool sharePrefixes)
    {
        var options = new EngineOptions { Parallel = 8, SharePrefixes = sharePrefixes };
        var runtime = new ScriptedRuntime(ScriptedRuntime.Endless, maxSequences: options.SequenceIds);
        await using var engine = EngineRun.Start(runtime, options);

        for (var wave = 0; wave < 20; wave++)
            await LeaveAsync(runtime, engine);

        var begun = runtime.HoldNextDecode();
        var house = Enumerable.Range(0, options.Parallel).Select(i => engine.CompleteAsync(EngineRun.Request($"stays {i}"))).ToArray();
        await begun;
        await runtime.StepAsync();
        Assert.Equal(options.Parallel, engine.Snapshot.Running);
        runtime.Release();
        await Task.WhenAll(house);
        await engine.StopAsync(CancellationToken.None);
        Assert.True(engine.Ended.IsCompletedSuccessfully); // the loop compares its books with the runtime before it ends
        Assert.Equal(engine.Snapshot.PrefixCells, engine.Snapshot.ReservedCells);
        Assert.Equal(engine.Snapshot.PrefixCells, runtime.UsedCells);
        Assert.Equal(sharePrefixes, runtime.UsedCells > 0);
    }

    /// <summary>Fifty requests that leave five at a time, a step apart: some while they wait, some in their prompt, some in their decode.</summary>
    private static async Task LeaveAsync(ScriptedRuntime runtime, LocalEngine engine)
    {
        var leaving = Enumerable.Range(0, 50).Select(_ => new CancellationTokenSource()).ToArray();
        var begun = runtime.HoldNextDecode();
        var requests = leaving.Select((source, i) => engine.CompleteAsync(EngineRun.Request($"request {i % 7}", budget: 400), source.Token)).ToArray();
        await begun;
        for (var last = 9; last >= 0; last--)
        {
            for (var i = last; i < leaving.Length; i += 10)
                await leaving[i].CancelAsync();
            if (last > 0) // request 0 is in every step: none is aborted before it leaves
                await runtime.StepAsync();
        }
        foreach (var request in requests)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request.WaitAsync(TestTimeouts.Patience));
    }

    private static async Task<Generation> AloneAsync(GenerationRequest request)
    {
        await using var engine = EngineRun.Start(new ScriptedRuntime(ScriptedRuntime.Endless), Two with { Parallel = 1 });
        return await engine.CompleteAsync(request);
    }
}
