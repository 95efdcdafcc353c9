using ReasonRank.Engines;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.TestSupport;

public class FakeEngineTests
{
    private static readonly ChatPrompt Prompt = new(
        "system", "I will provide you with 3 passages: q.\n\n[1] number 2\n[2] number 9\nand a line\n[3] number 5\nSearch Query: q.\nRank.");

    [Fact]
    public async Task The_largest_number_comes_first()
    {
        var generation = await GenerateAsync(new FakeEngine(), Request());

        Assert.EndsWith("<answer>[2] > [3] > [1]</answer>", generation.Text, StringComparison.Ordinal);
        Assert.Equal(FinishReason.Stop, generation.Finish);
    }

    [Fact]
    public async Task The_budget_closes_the_thought()
    {
        var generation = await GenerateAsync(
            new FakeEngine { Thought = "one two three four" }, Request() with { Reasoning = new Reasoning(3, "\n</think>\n\n<answer>") });

        Assert.Equal("<think>\none two\n</think>\n\n<answer>[2] > [3] > [1]</answer>", generation.Text);
        Assert.Equal(FinishReason.Budget, generation.Finish);
        Assert.Equal(3, generation.Usage.ReasoningTokens);
    }

    [Fact]
    public async Task An_early_stop_gives_the_head_of_the_answer()
    {
        var generation = await GenerateAsync(new FakeEngine(), Request() with { Answer = new PermutationAnswer(3, StopAfter: 1) });

        Assert.EndsWith("<answer>[2]", generation.Text, StringComparison.Ordinal);
        Assert.Equal(FinishReason.EarlyStop, generation.Finish);
    }

    [Fact]
    public async Task The_thought_ends_when_its_time_is_up()
    {
        var clock = new ManualTimeProvider();
        var engine = new FakeEngine { Clock = clock, Thought = string.Join(' ', Enumerable.Repeat("hm", 1_000)) };
        var closeAt = clock.GetTimestamp() + 2 * clock.TimestampFrequency;

        var generation = await GenerateAsync(engine, Request() with { Reasoning = new Reasoning(1_000, "</think><answer>", closeAt) });

        Assert.Equal(FinishReason.Deadline, generation.Finish);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.1));
    }

    [Fact]
    public async Task Streamed_text_is_the_finished_text()
    {
        var text = "";
        Generation? finished = null;

        await foreach (var chunk in new FakeEngine().GenerateAsync(Request() with { Stream = true }, CancellationToken.None))
        {
            text += chunk.Text;
            finished = chunk.Finished;
        }

        Assert.Equal(finished?.Text, text);
    }

    [Fact]
    public async Task A_held_generation_can_be_cancelled()
    {
        var engine = new FakeEngine { Gate = new FakeGate() };
        using var leaving = new CancellationTokenSource();

        var generation = GenerateAsync(engine, Request(), leaving.Token);
        await engine.Gate.ArrivalAsync();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generation);
        Assert.Equal(0, engine.Running);
    }

    private static GenerationRequest Request() =>
        new() { Prompt = Prompt, Reasoning = new Reasoning(100, "\n</think>\n\n<answer>"), Answer = new PermutationAnswer(3) };

    private static async Task<Generation> GenerateAsync(
        FakeEngine engine, GenerationRequest request, CancellationToken cancellationToken = default)
    {
        await foreach (var chunk in engine.GenerateAsync(request, cancellationToken))
        {
            if (chunk.Finished is { } finished)
                return finished;
        }

        throw new InvalidOperationException("The stream ended without a finished generation.");
    }
}
