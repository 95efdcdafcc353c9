using ReasonRank.Engines;

namespace ReasonRank.Ranking;

/// <summary>How fast the engine works for one window.</summary>
/// <param name="Prefill">Seconds per prompt token, those that are shared instead of computed counted in: how many that will be isn't known beforehand.</param>
/// <param name="Step">Seconds per decode step.</param>
/// <param name="Overhead">Seconds per window that are neither: rendering, waiting in the engine, parsing.</param>
internal readonly record struct EngineRates(double Prefill, double Step, double Overhead);

/// <summary>
/// Measures the engine's rates apart for each number of requests at work, because a sequence among eight decodes at
/// another pace than one alone. Thread-safe.
/// </summary>
/// <param name="slots">Requests at work at most.</param>
internal sealed class RateMeter(int slots)
{
    private readonly Lock _lock = new();
    private readonly Measurements?[] _byActive = new Measurements?[slots + 1];

    /// <summary>Takes what one window told.</summary>
    /// <param name="active">Requests at work meanwhile.</param>
    /// <param name="duration">The window's whole time.</param>
    public void Record(int active, Generation generation, TimeSpan duration)
    {
        var (usage, timings) = (generation.Usage, generation.Timings);
        lock (_lock)
        {
            var measured = _byActive[Math.Clamp(active, 1, slots)] ??= new Measurements();
            measured.Prefill.Add(timings.Prefill.TotalSeconds, usage.PromptTokens);
            measured.Step.Add(timings.Decode.TotalSeconds, usage.DecodeSteps);
            measured.Overhead.Add(Math.Max(0, (duration - timings.Prefill - timings.Decode).TotalSeconds), 1);
        }
    }

    /// <summary>The rates with so many requests at work, or with the nearest number measured; null when nothing has been measured.</summary>
    public EngineRates? At(int active)
    {
        lock (_lock)
        {
            var nearest = Enumerable.Range(1, slots)
                .Where(count => _byActive[count] is not null)
                .OrderBy(count => Math.Abs(count - active))
                .Select(count => _byActive[count])
                .FirstOrDefault();
            return nearest is null
                ? null
                : new EngineRates(nearest.Prefill.Value ?? 0, nearest.Step.Value ?? 0, nearest.Overhead.Value ?? 0);
        }
    }

    private sealed class Measurements
    {
        public FadingRatio Prefill { get; } = new();

        public FadingRatio Step { get; } = new();

        public FadingRatio Overhead { get; } = new();
    }
}
