using System.Globalization;

namespace ReasonRank.Benchmarks;

/// <summary>Options of a benchmark: <c>--name value</c> pairs and flags.</summary>
internal sealed class BenchmarkArguments
{
    private readonly Dictionary<string, string> _values = [];

    public BenchmarkArguments(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
                throw new ArgumentException($"'{arguments[i]}' is no option: options begin with --.");
            var hasValue = i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal);
            _values[arguments[i][2..]] = hasValue ? arguments[++i] : "";
        }
    }

    private BenchmarkArguments(Dictionary<string, string> values) => _values = values;

    public bool Write => Has("write");

    public bool Has(string name) => _values.ContainsKey(name);

    public string Text(string name, string fallback) => _values.GetValueOrDefault(name, fallback);

    public int Number(string name, int fallback) =>
        _values.TryGetValue(name, out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : fallback;

    public int[] Numbers(string name, params int[] fallback) =>
        _values.TryGetValue(name, out var value) ? [.. value.Split(',').Select(item => int.Parse(item, CultureInfo.InvariantCulture))] : fallback;

    /// <summary>The same, with values for options that weren't given.</summary>
    public BenchmarkArguments WithDefaults(params (string Name, string Value)[] defaults)
    {
        var values = new Dictionary<string, string>(_values);
        foreach (var (name, value) in defaults)
            values.TryAdd(name, value);
        return new BenchmarkArguments(values);
    }
}
