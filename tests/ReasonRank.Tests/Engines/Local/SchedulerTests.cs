using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

public class SchedulerTests
{
    private const string RefreshSwitch = "REASONRANK_REFRESH_GOLDEN";

    [Fact]
    public void Steps_are_planned_as_the_golden_traces_show()
    {
        var traces = string.Concat(Scenarios().Select(trace => trace.ToString()));

        if (Environment.GetEnvironmentVariable(RefreshSwitch) == "1")
            File.WriteAllText(Path.Combine(Checkout.Root, "tests", "ReasonRank.Tests", "Golden", "step-traces.txt"), traces);

        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "step-traces.txt"));
        Assert.True(golden == traces, $"Steps differ from Golden/step-traces.txt. If that is meant, run with {RefreshSwitch}=1 and explain the diff. Now:\n{traces}");
    }

    [Fact]
    public void In_any_mix_every_running_sequence_gets_a_row_and_prompts_stay_within_their_chunk()
    {
        var random = new Random(19);
        var plan = new StepPlan();

        for (var i = 0; i < 2000; i++)
        {
            var capacity = random.Next(16, 200);
            var chunk = random.Next(16, 100);
            var running = Enumerable.Range(0, random.Next(1, 16)).Select(id => StepTrace.Sequence(id, random.Next(1, 300), random.Next(1, 9), random.Next(2) == 0)).ToArray();
            var ahead = Enumerable.Range(0, random.Next(3)).Select(id => new Prefix(new int[random.Next(1, 100)]) { Id = 20 + id, Beside = running[0] }).ToArray();

            Scheduler.Plan(plan, running, ahead, chunk, capacity);

            var decoding = running.Where(sequence => sequence.IsDecoding).ToArray();
            Assert.InRange(plan.RowCount, 1, capacity);
            Assert.All(decoding, sequence => Assert.Contains(plan.Rows, rows => rows.Run == sequence && rows.Count >= 1));
            Assert.All(plan.Rows, rows => Assert.InRange(rows.Count, 1, rows.Run.Pending));
            Assert.Equal(plan.Rows.Count, plan.Rows.DistinctBy(rows => rows.Run).Count());
            if (decoding.Length > 0)
                Assert.InRange(plan.Rows.Where(rows => !decoding.Contains(rows.Run)).Sum(rows => rows.Count), 0, chunk);
        }
    }

    [Theory]
    [InlineData(256, 0, 256)]
    [InlineData(256, 4096, 128)]
    [InlineData(256, 28672, 32)]
    [InlineData(256, 1_000_000, 16)]
    [InlineData(16, 0, 16)]
    public void A_chunk_shrinks_with_the_context_behind_it(int chunk, int context, int expected)
    {
        Assert.Equal(expected, Scheduler.Shrink(chunk, context));
    }

    private static IEnumerable<StepTrace> Scenarios()
    {
        yield return new StepTrace("a prompt alone fills the batch", chunk: 64, batch: 128)
            .Arrive(prompt: 300, tokens: 3).ToEnd();

        yield return new StepTrace("prompts that come together begin their completions together", chunk: 64, batch: 128)
            .Arrive(prompt: 100, tokens: 3).Arrive(prompt: 150, tokens: 2).Arrive(prompt: 30, tokens: 2).ToEnd();

        yield return new StepTrace("a prompt doesn't wait for one so long that it could have written much of its completion meanwhile", chunk: 16, batch: 128)
            .Arrive(prompt: 10, tokens: 5).Arrive(prompt: 600, tokens: 2).ToEnd();

        yield return new StepTrace("a prompt that arrives beside a decoding one comes in chunks", chunk: 64, batch: 128)
            .Arrive(prompt: 40, tokens: 7).Step(2).Arrive(prompt: 200, tokens: 2).ToEnd();

        yield return new StepTrace("prompts share the chunk, first come first served", chunk: 64, batch: 128)
            .Arrive(prompt: 40, tokens: 9).Step(1).Arrive(prompt: 100, tokens: 3).Arrive(prompt: 90, tokens: 3).ToEnd();

        yield return new StepTrace("a chunk shrinks as its prompt grows", chunk: 512, batch: 1024)
            .Arrive(prompt: 40, tokens: 20).Step(1).Arrive(prompt: 4000, tokens: 2).ToEnd();

        yield return new StepTrace("what a close or a jump puts in goes into one step", chunk: 64, batch: 128)
            .Arrive(prompt: 40, tokens: 10, atOnce: 5).Arrive(prompt: 30, tokens: 3).ToEnd();

        yield return new StepTrace("a batch too small for all that is pending keeps a row for each", chunk: 16, batch: 5)
            .Arrive(prompt: 2, tokens: 6, atOnce: 3).Arrive(prompt: 2, tokens: 6, atOnce: 3).Arrive(prompt: 1, tokens: 3).ToEnd();

        yield return new StepTrace("the head of the next window takes what prompts leave", chunk: 64, batch: 128)
            .Arrive(prompt: 40, tokens: 7).Step(1).Ahead(tokens: 150).Step(1).Arrive(prompt: 90, tokens: 2).ToEnd();

        yield return new StepTrace("a head whose neighbour has gone waits", chunk: 64, batch: 128)
            .Arrive(prompt: 40, tokens: 2).Step(1).Ahead(tokens: 150).Step(1).Arrive(prompt: 10, tokens: 2).ToEnd();
    }
}
