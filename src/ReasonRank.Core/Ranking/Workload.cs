using ReasonRank.Engines;

namespace ReasonRank.Ranking;

/// <summary>What is known about the engine's speed and about the size of work, learnt from every window. Thread-safe.</summary>
/// <param name="slots">Requests at work at most.</param>
internal sealed class Workload(int slots)
{
    private readonly RateMeter _meter = new(slots);
    private int _active;

    /// <summary>How large work will probably be.</summary>
    public WorkEstimate Estimate { get; } = new();

    /// <summary>Rates of an engine that has nothing else to do; null before the first window.</summary>
    public EngineRates? Idle => _meter.At(1);

    /// <summary>Rates with as many requests at work as now.</summary>
    public EngineRates? Now => _meter.At(Volatile.Read(ref _active));

    /// <summary>Rates with all places taken.</summary>
    public EngineRates? Busy => _meter.At(slots);

    /// <summary>A request starts.</summary>
    public void Begin() => Interlocked.Increment(ref _active);

    /// <summary>A request is done.</summary>
    public void End() => Interlocked.Decrement(ref _active);

    /// <summary>Takes what one window told.</summary>
    /// <param name="identifiers">Identifiers needed of its answer.</param>
    /// <param name="duration">Its whole time.</param>
    public void Learn(GenerationRequest request, Generation generation, int identifiers, TimeSpan duration)
    {
        _meter.Record(Volatile.Read(ref _active), generation, duration);
        Estimate.Record(generation, request.Prompt.System.Length + request.Prompt.User.Length, identifiers, request.Reasoning.Budget);
    }
}
