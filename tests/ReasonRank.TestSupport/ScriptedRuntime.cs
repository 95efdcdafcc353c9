using ReasonRank.Engines.Local;

namespace ReasonRank.TestSupport;

/// <summary>Fills the logits that follow a prefix. Must depend on the prefix alone.</summary>
public delegate void LogitsScript(ReadOnlySpan<int> prefix, Span<float> logits);

/// <summary>
/// A runtime without a model: logits are a function of the prefix, cells are counted as a real cache would, and a batch that a real
/// runtime would refuse, or die of, is refused. Steps can be held, failed and looked back at.
/// </summary>
public sealed class ScriptedRuntime : IModelRuntime
{
    private readonly ScriptedVocabulary _vocabulary;
    private readonly LogitsScript _script;
    private readonly List<Cell>[] _sequences;
    private readonly float[] _logits;
    private readonly List<(int Sequence, int Length)> _outputs = [];
    private readonly HashSet<Cell> _used = [];
    private readonly StepGate _gate = new();
    private DecodeStatus? _failure;
    private volatile bool _abort;

    public ScriptedRuntime(
        LogitsScript? script = null, int poolCells = 4096, int batchRows = 512, int maxSequences = 16, int context = 4096, bool twoDigitTokens = false)
    {
        _vocabulary = new ScriptedVocabulary(twoDigitTokens);
        _script = script ?? Hashed;
        _sequences = [.. Enumerable.Range(0, maxSequences).Select(_ => new List<Cell>())];
        _logits = new float[_vocabulary.VocabularySize];
        Info = new RuntimeInfo
        {
            Model = "scripted", Architecture = "qwen2", PoolCells = poolCells, BatchRows = batchRows, MaxSequences = maxSequences, TrainedContext = context,
        };
    }

    public RuntimeInfo Info { get; }

    public ScriptedVocabulary Vocabulary => _vocabulary;

    public int VocabularySize => _vocabulary.VocabularySize;

    /// <summary>Every batch that was computed, as (sequence, position) rows.</summary>
    public List<(int Sequence, int Position)[]> Steps { get; } = [];

    public int UsedCells => _used.Count;

    public bool IsDisposed { get; private set; }

    public int Aborts { get; private set; }

    /// <summary>Logits that a hash of the prefix decides: every token has a chance, and ties don't happen.</summary>
    public static void Hashed(ReadOnlySpan<int> prefix, Span<float> logits)
    {
        var hash = 14695981039346656037UL;
        foreach (var token in prefix)
            hash = (hash ^ (uint)(token + 1)) * 1099511628211UL;
        for (var i = 0; i < logits.Length; i++)
        {
            var mixed = (hash ^ (ulong)i * 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 29)) * 0x94D049BB133111EB;
            logits[i] = (mixed >> 40) * (8f / (1 << 24));
        }
    }

    /// <summary>Logits that want lower-case letters for ever: reasoning that ends by its budget only.</summary>
    public static void Endless(ReadOnlySpan<int> prefix, Span<float> logits)
    {
        Hashed(prefix, logits);
        logits['a' + (prefix.Length + prefix[^1]) % 26] = 100f;
    }

    /// <summary>Holds the next decode until <see cref="Release"/> or an abort. The task completes when it has begun.</summary>
    public Task HoldNextDecode() => _gate.HoldNext();

    /// <summary>Lets the held decode go and holds the one after it. The task completes when that has begun.</summary>
    public Task StepAsync() => _gate.HoldOneLater();

    /// <summary>Lets the held decode go, and all that follow.</summary>
    public void Release() => _gate.Release();

    public void FailNextDecode(DecodeStatus status) => _failure = status;

    public int[] Tokenize(string text, bool parseSpecial)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return _vocabulary.Tokenize(text, parseSpecial);
    }

    public int TokenPiece(int token, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return _vocabulary.TokenPiece(token, destination);
    }

    public bool IsControl(int token) => _vocabulary.IsControl(token);

    public bool IsEndOfGeneration(int token) => _vocabulary.IsEndOfGeneration(token);

    public DecodeStatus Decode(TokenBatch batch)
    {
        _abort = false;
        _gate.Pass();
        if (_failure is { } failure)
        {
            _failure = null;
            return failure;
        }
        if (!IsValid(batch))
            return DecodeStatus.InvalidBatch;
        if (_used.Count + batch.Count > Info.PoolCells)
            return DecodeStatus.NoCells;
        if (_abort)
            return Abandon(batch);
        Compute(batch, batch.Count);
        return DecodeStatus.Ok;
    }

    public ReadOnlySpan<float> Logits(int row)
    {
        var (sequence, length) = _outputs[row];
        if (length == 0)
            throw new InvalidOperationException($"Row {row} asked for no logits.");
        var prefix = _sequences[sequence].Take(length).Select(cell => cell.Token).ToArray();
        _script(prefix, _logits);
        return _logits;
    }

    public bool SeqRemove(int sequence, int from, int to)
    {
        var cells = _sequences[sequence];
        if (to >= 0 && to < cells.Count)
            return false;
        for (var i = cells.Count - 1; i >= Math.Max(0, from); i--)
        {
            if (--cells[i].Holders == 0)
                _used.Remove(cells[i]);
            cells.RemoveAt(i);
        }
        return true;
    }

    public void SeqCopy(int source, int destination, int from, int to)
    {
        if (_sequences[destination].Count > 0 || from != 0 || to > _sequences[source].Count)
            throw new InvalidOperationException("Only the head of a sequence can be shared, and only with an empty one.");
        foreach (var cell in _sequences[source].Take(to))
        {
            cell.Holders++;
            _sequences[destination].Add(cell);
        }
    }

    public int SeqMaxPos(int sequence) => _sequences[sequence].Count - 1;

    public void Abort()
    {
        Aborts++;
        _abort = true;
        _gate.Release();
    }

    public void Dispose() => IsDisposed = true;

    /// <summary>An abort keeps the micro-batches that were done: here the first half of the rows.</summary>
    private DecodeStatus Abandon(TokenBatch batch)
    {
        Compute(batch, batch.Count / 2);
        _outputs.Clear();
        return DecodeStatus.Aborted;
    }

    private bool IsValid(TokenBatch batch)
    {
        var next = _sequences.Select(cells => cells.Count).ToArray();
        for (var row = 0; row < batch.Count; row++)
        {
            var sequence = batch.Sequences[row];
            if (sequence < 0 || sequence >= _sequences.Length || batch.Positions[row] != next[sequence]++
                || batch.Positions[row] >= Info.TrainedContext || (uint)batch.Tokens[row] >= VocabularySize)
                return false;
        }
        return batch.Count <= Info.BatchRows && batch.Outputs <= Info.MaxSequences;
    }

    private void Compute(TokenBatch batch, int rows)
    {
        _outputs.Clear();
        for (var row = 0; row < rows; row++)
        {
            var cell = new Cell(batch.Tokens[row]);
            _used.Add(cell);
            _sequences[batch.Sequences[row]].Add(cell);
            _outputs.Add((batch.Sequences[row], batch.WantsLogits[row] == 1 ? batch.Positions[row] + 1 : 0));
        }
        Steps.Add([.. Enumerable.Range(0, rows).Select(row => (batch.Sequences[row], batch.Positions[row])) ]);
    }

    private sealed class Cell(int token)
    {
        public int Token => token;

        public int Holders { get; set; } = 1;
    }
}
