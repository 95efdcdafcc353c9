using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ReasonRank.Service.Hosting;

/// <summary>Writes a metric in the text format of Prometheus, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    public static void Write(StringBuilder text, Metric metric)
    {
        var name = NameOf(metric);
        text.Append("# HELP ").Append(name).Append(' ').Append(metric.Description.Replace("\\", "\\\\").Replace("\n", "\\n")).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(TypeOf(metric.MetricType)).Append('\n');
        foreach (ref readonly var point in metric.GetMetricPoints())
            WritePoint(text, name, metric.MetricType, in point);
    }

    /// <summary>Dots become underscores, the unit is spelled out, counters end in _total.</summary>
    public static string NameOf(Metric metric)
    {
        var name = new StringBuilder(Legal(metric.Name));
        var unit = metric.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        name.Append(unit);
        if (IsCounter(metric.MetricType))
            return name.Append("_total").ToString();
        // Prometheus keeps the ending _count for histograms.
        return metric.MetricType != MetricType.Histogram && metric.Name.EndsWith(".count", StringComparison.Ordinal) ? name.Append("_current").ToString() : name.ToString();
    }

    private static void WritePoint(StringBuilder text, string name, MetricType type, in MetricPoint point)
    {
        var labels = Labels(point.Tags);
        switch (type)
        {
            case MetricType.Histogram:
                WriteHistogram(text, name, labels, in point);
                break;
            case MetricType.LongSum:
            case MetricType.LongSumNonMonotonic:
                Line(text, name, labels, point.GetSumLong());
                break;
            case MetricType.DoubleSum:
            case MetricType.DoubleSumNonMonotonic:
                Line(text, name, labels, point.GetSumDouble());
                break;
            case MetricType.LongGauge:
                Line(text, name, labels, point.GetGaugeLastValueLong());
                break;
            case MetricType.DoubleGauge:
                Line(text, name, labels, point.GetGaugeLastValueDouble());
                break;
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, string labels, in MetricPoint point)
    {
        long count = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            var bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : Number(bucket.ExplicitBound);
            Line(text, name + "_bucket", Join(labels, $"le=\"{bound}\""), count);
        }

        Line(text, name + "_sum", labels, point.GetHistogramSum());
        Line(text, name + "_count", labels, count);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Labels(ReadOnlyTagCollection tags)
    {
        var labels = "";
        foreach (var tag in tags)
        {
            var value = Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
            labels = Join(labels, $"{Legal(tag.Key)}=\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")}\"");
        }

        return labels;
    }

    private static string Join(string labels, string label) => labels.Length == 0 ? label : $"{labels},{label}";

    private static string Legal(string name) =>
        string.Create(name.Length, name, static (legal, given) =>
        {
            for (var i = 0; i < given.Length; i++)
                legal[i] = char.IsAsciiLetter(given[i]) || (i > 0 && char.IsAsciiDigit(given[i])) ? given[i] : '_';
        });

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static bool IsCounter(MetricType type) => type is MetricType.LongSum or MetricType.DoubleSum;

    private static string TypeOf(MetricType type) => type switch
    {
        MetricType.Histogram => "histogram",
        _ when IsCounter(type) => "counter",
        _ => "gauge",
    };
}
