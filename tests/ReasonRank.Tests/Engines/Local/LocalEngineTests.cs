using System.Text;
using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

public class LocalEngineTests
{
    public static TheoryData<GenerationRequest> Nonsense => new(
        EngineRun.Request("x", count: 3) with { Reasoning = new Reasoning(8, "") },
        EngineRun.Request("x", count: 3) with { Reasoning = new Reasoning(0, "so: </think> then <answer>") },
        EngineRun.Request("x", budget: -1, count: 3),
        EngineRun.Request("x") with { FreeAnswerTokens = -1 },
        EngineRun.Request("x", budget: 0) with { FreeAnswerTokens = 0 },
        EngineRun.Request("x", count: 3) with { Answer = new PermutationAnswer(0) },
        EngineRun.Request("x", count: 3) with { Answer = new PermutationAnswer(PermutationAnswer.Limit + 1) },
        EngineRun.Request("x", count: 3, stopAfter: 4),
        EngineRun.Request("x", count: 3, stopAfter: 0) with { Answer = new PermutationAnswer(3, 0) },
        EngineRun.Request("x", sampling: new Sampling(float.NaN)),
        EngineRun.Request("x", sampling: new Sampling(float.PositiveInfinity)));

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task A_request_that_makes_no_sense_is_refused_and_harms_nobody(GenerationRequest request)
    {
        await using var engine = EngineRun.Start(new ScriptedRuntime());

        await Assert.ThrowsAnyAsync<ArgumentException>(() => engine.CompleteAsync(request));

        Assert.NotEmpty((await engine.CompleteAsync(EngineRun.Request("x", count: 3))).Text);
    }

    [Theory]
    [InlineData(4, 16)]
    [InlineData(512, 4)]
    public async Task A_runtime_too_small_for_what_is_to_run_at_once_is_refused(int batchRows, int maxSequences)
    {
        await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            await using var engine = EngineRun.Start(
                new ScriptedRuntime(batchRows: batchRows, maxSequences: maxSequences), new EngineOptions { Parallel = 8 });
        });
    }

    [Fact]
    public async Task With_few_sequence_ids_running_sequences_come_before_kept_heads()
    {
        var options = new EngineOptions { Parallel = 4 };
        var runtime = new ScriptedRuntime(ScriptedRuntime.Endless, maxSequences: options.Parallel);
        await using var engine = EngineRun.Start(runtime, options);
        await engine.CompleteAsync(EngineRun.Request("warms up"));

        var begun = runtime.HoldNextDecode();
        var running = Enumerable.Range(0, 4).Select(i => engine.CompleteAsync(EngineRun.Request($"{i}"))).ToArray();
        await begun;
        await runtime.StepAsync();

        Assert.Equal(4, engine.Snapshot.Running);
        runtime.Release();
        await Task.WhenAll(running);
    }

    [Theory]
    [InlineData("<think>\nnaïve 🙂 日本語")]
    [InlineData("<think>\ncut inside a character: 🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂")]
    public async Task What_is_streamed_is_the_finished_text(string wanted)
    {
        var vocabulary = new ScriptedVocabulary();
        var runtime = new ScriptedRuntime(new WantedText(vocabulary, _ => wanted).Fill);
        await using var engine = EngineRun.Start(runtime);
        var request = EngineRun.Request("x", budget: 60) with { Stream = true, FreeAnswerTokens = 1, Reasoning = new Reasoning(60, "") };
        var text = new StringBuilder();
        Generation? finished = null;

        await foreach (var chunk in engine.GenerateAsync(request, CancellationToken.None))
        {
            Assert.Null(finished);
            text.Append(chunk.Text);
            finished = chunk.Finished;
        }

        Assert.Equal(finished!.Text, text.ToString());
        Assert.StartsWith(wanted[..18], finished.Text);
    }

    [Fact]
    public async Task The_context_is_what_both_the_model_and_the_cache_can_hold()
    {
        await using var small = EngineRun.Start(new ScriptedRuntime(poolCells: 500, context: 4000));
        await using var large = EngineRun.Start(new ScriptedRuntime(poolCells: 9000, context: 4000));

        Assert.Equal(500, small.Info.ContextTokens);
        Assert.Equal(4000, large.Info.ContextTokens);
    }
}
