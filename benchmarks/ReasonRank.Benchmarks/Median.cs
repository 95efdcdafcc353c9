namespace ReasonRank.Benchmarks;

internal static class Median
{
    /// <summary>The middle one of the values; the upper one of two.</summary>
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
