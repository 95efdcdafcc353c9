using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ReasonRank.Service.Hosting;

/// <summary>Gives the metrics as Prometheus reads them, whenever it asks. One scrape at a time; others wait.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();

    /// <summary>Set by the reader that this exporter is given to.</summary>
    public Func<int, bool>? Collect { get; set; }

    public string Scrape()
    {
        lock (_lock)
        {
            _text.Clear();
            Collect?.Invoke(Timeout.Infinite);
            return _text.ToString();
        }
    }

    /// <summary>Called back by <see cref="Collect"/>, inside the lock.</summary>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
            PrometheusText.Write(_text, metric);
        return ExportResult.Success;
    }
}
