using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ReasonRank.Diagnostics;

namespace ReasonRank.TestSupport;

/// <summary>One value reported to the meter, its tags written "name=value" and joined by commas.</summary>
internal sealed record Measured(string Instrument, string? Unit, double Value, string Tags);

/// <summary>Records what one telemetry object reports.</summary>
internal sealed class MetricProbe : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Measured> _values = new();

    public MetricProbe(ReasonRankTelemetry telemetry)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (telemetry.Owns(instrument))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyList<Measured> Values => [.. _values];

    /// <summary>The sum of everything reported to an instrument, whatever its tags, or with just these.</summary>
    public double Sum(string instrument, string? tags = null) =>
        _values.Where(value => value.Instrument == instrument && (tags is null || value.Tags == tags)).Sum(value => value.Value);

    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => _values.Enqueue(
        new Measured(instrument.Name, instrument.Unit, value, string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
}
