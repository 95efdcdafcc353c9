using ReasonRank.Engines;

namespace ReasonRank.Ranking;

/// <summary>What is known about the engine's speed and about the size of work, learnt from every window. Thread-safe.</summary>
/// <param name="slots">Windows at work at most.</param>
internal sealed class Workload(int slots)
{
    private readonly RateMeter _meter = new(slots);
    private int _active;

    /// <summary>How large work will probably be.</summary>
    public WorkEstimate Estimate { get; } = new();

    /// <summary>Rates of an engine that has nothing else to do; null before the first window.</summary>
    public EngineRates? Idle => _meter.At(1);

    /// <summary>Rates for one more window beside those at work now.</summary>
    public EngineRates? Next => _meter.At(Volatile.Read(ref _active) + 1);

    /// <summary>Rates with all places taken.</summary>
    public EngineRates? Busy => _meter.At(slots);

    /// <summary>A window starts.</summary>
    /// <returns>Windows at work now, this one among them.</returns>
    public int Begin() => Interlocked.Increment(ref _active);

    /// <summary>A window ends.</summary>
    /// <returns>Windows at work until now, this one among them.</returns>
    public int End() => Interlocked.Decrement(ref _active) + 1;

    /// <summary>Takes what a finished window told.</summary>
    /// <param name="active">Windows at work meanwhile.</param>
    /// <param name="passages">Passages in it.</param>
    /// <param name="identifiers">Identifiers needed of its answer.</param>
    /// <param name="duration">Its whole time.</param>
    public void Learn(GenerationRequest request, Generation generation, int active, int passages, int identifiers, TimeSpan duration)
    {
        _meter.Record(active, generation, duration);
        Estimate.Record(generation, request.Prompt.System.Length + request.Prompt.User.Length, passages, identifiers, request.Reasoning.Budget);
    }
}
