using BenchmarkDotNet.Attributes;
using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Benchmarks.Micro;

/// <summary>One step's plan with 15 sequences decoding and a prompt arriving, and its batch.</summary>
[MemoryDiagnoser]
public class Planning
{
    private readonly StepPlan _plan = new();
    private readonly TokenBatch _batch = new(512);
    private readonly List<Sequence> _running = [];
    private readonly List<Prefix> _ahead = [];

    [GlobalSetup]
    public void SetUp()
    {
        var request = EngineRun.Request("a prompt", budget: 512, count: 20);
        for (var id = 0; id < 16; id++)
        {
            var sequence = new Sequence(new int[8192], 4096, request, [], submitted: 1) { Id = id };
            sequence.Computed = id == 15 ? 0 : 4095;
            sequence.Prefilled = id == 15 ? 0 : 1;
            _running.Add(sequence);
        }
    }

    [Benchmark(Description = "plan and batch, 15 decoding and a prompt | step")]
    public int Plan()
    {
        Scheduler.Plan(_plan, _running, _ahead, chunk: 256, capacity: 512);
        _batch.Clear();
        foreach (var (run, start, count) in _plan.Rows)
        {
            for (var i = 0; i < count; i++)
                _batch.Add(run.Tokens[start + i], start + i, run.Id, run.WantsLogits && start + i == run.Count - 1);
        }
        return _batch.Count;
    }
}
