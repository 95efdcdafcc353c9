using System.Globalization;
using System.Text;
using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

/// <summary>Plans step after step and carries them out on paper: what is planned is computed, and a sequence that is up to date gets its next tokens.</summary>
internal sealed class StepTrace(string title, int chunk, int batch)
{
    private readonly StringBuilder _text = new(string.Create(CultureInfo.InvariantCulture, $"{title} (chunk {chunk}, batch {batch}; last column: rows)\n"));
    private readonly List<Sequence> _running = [];
    private readonly List<Prefix> _ahead = [];
    private readonly Dictionary<Sequence, (int Tokens, int AtOnce)> _wanted = [];
    private readonly StepPlan _plan = new();
    private int _steps;
    private int _ids;

    /// <param name="tokens">Tokens it generates before it leaves.</param>
    /// <param name="atOnce">Tokens that each of its steps brings.</param>
    public StepTrace Arrive(int prompt, int tokens, int atOnce = 1)
    {
        _running.Add(Sequence(_ids++, prompt, 0, isDecoding: false));
        _wanted[_running[^1]] = (tokens, atOnce);
        return this;
    }

    /// <summary>A head of the window after that of the sequence which arrived last.</summary>
    public StepTrace Ahead(int tokens)
    {
        _ahead.Add(new Prefix(new int[tokens]) { Id = _ids++, Beside = _running[^1] });
        return this;
    }

    public StepTrace Step(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Scheduler.Plan(_plan, _running, _ahead, chunk, batch);
            _text.Append(CultureInfo.InvariantCulture, $"  step {++_steps,2}  {_plan,-56}{_plan.RowCount,5}\n");
            Compute();
        }
        return this;
    }

    public StepTrace ToEnd()
    {
        while (_running.Count > 0)
            Step(1);
        return this;
    }

    public override string ToString() => $"{_text}\n";

    /// <summary>A sequence in its prompt, or in its decode with some tokens pending.</summary>
    public static Sequence Sequence(int id, int prompt, int pending, bool isDecoding)
    {
        var sequence = new Sequence(new int[prompt + 64], prompt, EngineRun.Request("x"), [], submitted: 0) { Id = id };
        if (!isDecoding)
            return sequence;
        (sequence.Computed, sequence.Prefilled) = (prompt, 1);
        for (var i = 0; i < pending; i++)
            sequence.Append(0);
        return sequence;
    }

    private void Compute()
    {
        foreach (var (run, start, count) in _plan.Rows)
        {
            run.Computed = start + count;
            if (run is Sequence { Pending: 0 } sequence)
                Generate(sequence);
        }
    }

    private void Generate(Sequence sequence)
    {
        sequence.Prefilled = _steps;
        var (tokens, atOnce) = _wanted[sequence];
        for (var i = 0; i < atOnce && sequence.Generated.Length < tokens; i++)
            sequence.Append(0);
        if (sequence.Generated.Length < tokens)
            return;
        _running.Remove(sequence);
        foreach (var prefix in _ahead.Where(prefix => prefix.Beside == sequence))
            prefix.Beside = null;
    }
}
