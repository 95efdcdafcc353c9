using Microsoft.Extensions.Logging.Abstractions;
using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.Engines.Local.Answers;
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

        await stopped.WaitAsync(TestTimeouts.Patience);
        Assert.NotEmpty((await running.WaitAsync(TestTimeouts.Patience)).Text);
        Assert.NotEmpty((await waiting.WaitAsync(TestTimeouts.Patience)).Text);
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

        await stopped.WaitAsync(TestTimeouts.Patience);
        await Assert.ThrowsAsync<EngineUnavailableException>(() => running.WaitAsync(TestTimeouts.Patience));
        await Assert.ThrowsAsync<EngineUnavailableException>(() => waiting.WaitAsync(TestTimeouts.Patience));
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
    public async Task What_is_handed_over_after_the_end_is_answered()
    {
        var vocabulary = new ScriptedVocabulary();
        var lexicon = new AnswerLexicon(vocabulary, new PromptTokenizer(vocabulary));
        var loop = new EngineLoop(new ScriptedRuntime(), One, lexicon, systemTokens: 0, TimeProvider.System, NullLogger.Instance);
        var request = EngineRun.Request("late");
        loop.Start();
        loop.Drain();
        await loop.Ended;

        for (var i = 0; i < 2; i++) // the first may still be told by the loop itself
        {
            var sequence = new Sequence(new int[request.CompletionReserve + 1], promptTokens: 1, request, [], submitted: 0);
            loop.Submit(sequence);

            await Assert.ThrowsAsync<EngineUnavailableException>(() => sequence.Done.WaitAsync(TestTimeouts.Patience));
        }
    }

    [Fact]
    public async Task Whenever_an_engine_stops_everybody_gets_an_answer()
    {
        var random = new Random(20);
        var (answered, refused) = (0, 0);

        for (var round = 0; round < 40; round++)
        {
            var engine = EngineRun.Start(new ScriptedRuntime(), new EngineOptions { Parallel = 3 });
            var requests = Enumerable.Range(0, 24).Select(i => Task.Run(() => AskAsync(engine, i))).ToArray();
            for (var first = random.Next(24); first > 0; first--)
                await Task.WhenAny(requests);
            using var deadline = new CancellationTokenSource();
            var stopped = Task.Run(() => engine.StopAsync(deadline.Token));
            if (round % 2 == 0)
                await deadline.CancelAsync();
            if (round % 4 == 0)
                await engine.DisposeAsync();

            var outcomes = await Task.WhenAll(requests).WaitAsync(TestTimeouts.Patience);

            await stopped.WaitAsync(TestTimeouts.Patience);
            await engine.DisposeAsync();
            Assert.True(engine.Ended.IsCompletedSuccessfully);
            answered += outcomes.Count(outcome => outcome);
            refused += outcomes.Count(outcome => !outcome);
        }

        Assert.True(answered > 0 && refused > 0, $"{answered} answered, {refused} refused");
    }

    /// <summary>True when the generation was finished; false when it was cancelled by its caller, or refused as an engine may.</summary>
    private static async Task<bool> AskAsync(LocalEngine engine, int number)
    {
        using var leaving = new CancellationTokenSource();
        try
        {
            var request = EngineRun.Request($"{number}", budget: number, count: number % 4) with { Stream = number % 3 == 0 };
            await foreach (var chunk in engine.GenerateAsync(request, leaving.Token))
            {
                if (number % 5 == 0)
                    await leaving.CancelAsync();
            }
            return true;
        }
        catch (Exception exception) when (exception is EngineUnavailableException or OperationCanceledException)
        {
            return false;
        }
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
