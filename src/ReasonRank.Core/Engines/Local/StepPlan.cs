using System.Globalization;
using System.Text;

namespace ReasonRank.Engines.Local;

/// <summary>What one step computes: stretches of runs, decoding ones first. Reused from step to step.</summary>
internal sealed class StepPlan
{
    private readonly List<PlannedRows> _rows = [];

    public List<PlannedRows> Rows => _rows; // the list itself: enumerating it through an interface would allocate every step

    public int RowCount { get; private set; }

    public bool IsEmpty => _rows.Count == 0;

    public void Clear()
    {
        _rows.Clear();
        RowCount = 0;
    }

    public void Add(TokenRun run, int count)
    {
        _rows.Add(new PlannedRows(run, run.Computed, count));
        RowCount += count;
    }

    /// <summary>One line for traces: <c>decode A prefill B[0..324)</c>, with names in order of id.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var last = "";
        foreach (var (run, start, count) in _rows)
        {
            var kind = run is Sequence { IsDecoding: true } ? "decode" : run is Prefix ? "ahead" : "prefill";
            text.Append(kind == last ? " " : $"{(text.Length > 0 ? "  " : "")}{kind} ").Append((char)('A' + run.Id));
            if (kind != "decode" || count > 1)
                text.Append(CultureInfo.InvariantCulture, $"[{start}..{start + count})");
            last = kind;
        }
        return text.ToString();
    }
}

/// <summary>Rows [Start, Start + Count) of one run.</summary>
internal readonly record struct PlannedRows(TokenRun Run, int Start, int Count);
