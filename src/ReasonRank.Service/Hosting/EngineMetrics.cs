using System.Diagnostics.Metrics;

namespace ReasonRank.Service.Hosting;

/// <summary>What the engine's loop is doing, asked for whenever somebody measures.</summary>
internal sealed class EngineMetrics : IDisposable
{
    public const string MeterName = "ReasonRank.Engine";

    private readonly Meter _meter = new(MeterName);

    /// <summary>Measures from now on.</summary>
    public void Watch(LoadedEngine loaded)
    {
        if (loaded.Snapshot is not { } snapshot)
            return;
        _meter.CreateObservableGauge("reasonrank.engine.sequences.running", () => snapshot().Running, "{sequence}", "Generations being decoded.");
        _meter.CreateObservableGauge("reasonrank.engine.sequences.waiting", () => snapshot().Waiting, "{sequence}", "Generations waiting for cells.");
        _meter.CreateObservableGauge("reasonrank.engine.cells.reserved", () => snapshot().ReservedCells, "{cell}", "Cache cells that are promised to somebody.");
        _meter.CreateObservableGauge("reasonrank.engine.cells.prefix", () => snapshot().PrefixCells, "{cell}", "Cache cells that hold shared prompt heads.");
        _meter.CreateObservableGauge("reasonrank.engine.cells.pool", () => snapshot().PoolCells, "{cell}", "Cache cells there are.");
        _meter.CreateObservableCounter("reasonrank.engine.steps", () => snapshot().Steps, "{step}", "Decode calls.");
        _meter.CreateObservableCounter("reasonrank.engine.rows", () => snapshot().Rows, "{row}", "Rows of decode calls: prompt and completion tokens.");
        _meter.CreateObservableCounter("reasonrank.engine.step", () => snapshot().StepTime.TotalSeconds, "s", "Time in turns that computed something.");
        _meter.CreateObservableCounter("reasonrank.engine.decode", () => snapshot().DecodeTime.TotalSeconds, "s", "The part of it spent in the runtime.");
        _meter.CreateObservableGauge("reasonrank.engine.longest_gap", () => snapshot().LongestGap.TotalSeconds, "s", "The longest time between two tokens of a running sequence.");
    }

    public void Dispose() => _meter.Dispose();
}
