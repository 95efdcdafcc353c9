using System.Globalization;
using System.Text;

namespace ReasonRank.Benchmarks;

/// <summary>A table in Markdown; the first row is its head. Numbers are right where their column is.</summary>
internal sealed class MarkdownTable(params string[] head)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; numbers get up to three significant decimals.</summary>
    public void Add(params object[] cells) => _rows.Add([.. cells.Select(Format)]);

    public override string ToString()
    {
        var text = new StringBuilder();
        Line(text, head);
        Line(text, [.. head.Select(_ => "---")]);
        foreach (var row in _rows)
            Line(text, row);
        return text.ToString();
    }

    private static string Format(object cell) => cell switch
    {
        double number when Math.Abs(number) >= 100 => number.ToString("N0", CultureInfo.InvariantCulture),
        double number when Math.Abs(number) >= 10 => number.ToString("N1", CultureInfo.InvariantCulture),
        double number => number.ToString("0.000", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString("N0", CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    private static void Line(StringBuilder text, string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
