using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

public class EngineLoopStepTests
{
    [Fact]
    public async Task A_prompt_of_16k_tokens_costs_eight_decoding_sequences_no_step()
    {
        const int decoding = 8;
        var options = new EngineOptions { Parallel = decoding + 1, PrefillChunk = 256, SharePrefixes = false };
        var runtime = new ScriptedRuntime(ScriptedRuntime.Endless, poolCells: 40_000, maxSequences: options.SequenceIds, context: 20_000);
        await using var engine = EngineRun.Start(runtime, options, new ManualTimeProvider());
        var begun = runtime.HoldNextDecode();
        var running = Enumerable.Range(0, decoding).Select(i => engine.CompleteAsync(EngineRun.Request($"short {i}", budget: 300))).ToArray();
        await begun;
        for (var step = 0; step < 3; step++)
            await runtime.StepAsync();
        Assert.Equal(decoding, engine.Snapshot.Running);
        var arrival = engine.CompleteAsync(EngineRun.Request(new string('x', 16_000), budget: 4));
        await runtime.StepAsync();
        var before = runtime.Steps.Count;
        runtime.Release();

        var prompt = (await arrival).Usage.PromptTokens;
        await Task.WhenAll(running);

        var prefill = runtime.Steps.Skip(before).TakeWhile(step => !step.Contains((decoding, prompt))).ToArray();
        Assert.True(prompt > 16_000 && prefill.Length > 16_000 / options.PrefillChunk);
        foreach (var step in prefill)
        {
            Assert.InRange(step.Count(row => row.Sequence == decoding), 1, options.PrefillChunk);
            Assert.Equal(Enumerable.Range(0, decoding), step.Where(row => row.Sequence < decoding).Select(row => row.Sequence).Order());
        }
    }

    [Fact]
    public async Task A_large_sequence_at_the_head_of_the_line_isnt_passed()
    {
        var runtime = new ScriptedRuntime(ScriptedRuntime.Endless, poolCells: 600);
        await using var engine = EngineRun.Start(runtime, new EngineOptions { Parallel = 3, SharePrefixes = false });
        var begun = runtime.HoldNextDecode();
        var first = engine.CompleteAsync(EngineRun.Request("first", budget: 200));
        await begun;
        var large = engine.CompleteAsync(EngineRun.Request(new string('x', 300), budget: 20));
        var small = engine.CompleteAsync(EngineRun.Request("small", budget: 20));

        do
            await runtime.StepAsync();
        while (engine.Snapshot is { Running: 1, Waiting: 2 });

        Assert.Equal((0, 2), (engine.Snapshot.Waiting, engine.Snapshot.Running)); // both as soon as the first left, and none before
        runtime.Release();
        await Task.WhenAll(first, large, small);
    }

    [Fact]
    public async Task What_can_never_fit_is_refused_at_once()
    {
        var runtime = new ScriptedRuntime(poolCells: 300, context: 4096);
        await using var engine = EngineRun.Start(runtime);
        var begun = runtime.HoldNextDecode();

        await Assert.ThrowsAsync<PromptTooLongException>(() => engine.CompleteAsync(EngineRun.Request(new string('x', 300))));
        await Assert.ThrowsAsync<PromptTooLongException>(() => engine.CompleteAsync(EngineRun.Request("x", budget: int.MaxValue)));

        Assert.False(begun.IsCompleted);
        Assert.Empty(runtime.Steps);
    }

    [Fact]
    public async Task The_head_of_the_next_prompt_is_computed_beside_its_predecessor_and_shared()
    {
        var head = string.Concat(Enumerable.Range(1, 5).Select(i => $"[{i}] passage {i}\n"));
        var request = EngineRun.Request("other passages", budget: 100) with { Upcoming = new ChatPrompt(EngineRun.System, head, IsOpen: true) };
        var runtime = new ScriptedRuntime(ScriptedRuntime.Endless);
        await using var engine = EngineRun.Start(runtime, new EngineOptions { IdlePrefixShare = 0.5 }, new ManualTimeProvider());

        await engine.CompleteAsync(request);
        var next = await engine.CompleteAsync(EngineRun.Request(head + "[6] one more"));

        Assert.InRange(next.Usage.ReusedPromptTokens, engine.CountTokens(request.Upcoming) - 1, next.Usage.PromptTokens - 1);
    }

    [Fact]
    public async Task A_head_too_long_for_any_prompt_is_left_alone()
    {
        var runtime = new ScriptedRuntime(ScriptedRuntime.Endless, poolCells: 2000, context: 300);
        await using var engine = EngineRun.Start(runtime);
        var request = EngineRun.Request("x", budget: 100) with { Upcoming = new ChatPrompt(EngineRun.System, new string('y', 400), IsOpen: true) };

        Assert.NotEmpty((await engine.CompleteAsync(request)).Text);
    }

    [Fact]
    public async Task Times_are_split_at_the_first_row_and_the_first_logits()
    {
        var clock = new ManualTimeProvider();
        var runtime = new ScriptedRuntime(ScriptedRuntime.Endless);
        await using var engine = EngineRun.Start(runtime, new EngineOptions { Parallel = 1, SharePrefixes = false }, clock);
        var begun = runtime.HoldNextDecode();
        var first = engine.CompleteAsync(EngineRun.Request("x", budget: 1) with { FreeAnswerTokens = 1 });
        await begun;
        var second = engine.CompleteAsync(EngineRun.Request("x", budget: 1) with { FreeAnswerTokens = 1 });

        clock.Advance(TimeSpan.FromSeconds(1)); // the first one's prefill
        await runtime.StepAsync();
        clock.Advance(TimeSpan.FromSeconds(2)); // its decode
        runtime.Release();

        Assert.Equal(new GenerationTimings(TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)), (await first).Timings);
        Assert.Equal(new GenerationTimings(TimeSpan.FromSeconds(3), TimeSpan.Zero, TimeSpan.Zero), (await second).Timings);
    }
}
