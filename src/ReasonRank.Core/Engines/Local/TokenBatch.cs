namespace ReasonRank.Engines.Local;

/// <summary>The rows of one decode call: a reusable set of columns, filled anew every step without allocating.</summary>
/// <param name="capacity">Rows at most.</param>
public sealed class TokenBatch(int capacity)
{
    private readonly int[] _tokens = new int[capacity];
    private readonly int[] _positions = new int[capacity];
    private readonly int[] _sequences = new int[capacity];
    private readonly byte[] _wantsLogits = new byte[capacity];

    public int Capacity => _tokens.Length;

    public int Count { get; private set; }

    /// <summary>Rows that ask for logits.</summary>
    public int Outputs { get; private set; }

    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, Count);

    /// <summary>One sequence id a row: a rollback looks at no second one.</summary>
    public ReadOnlySpan<int> Sequences => _sequences.AsSpan(0, Count);

    /// <summary>1 where the row's logits are wanted, else 0.</summary>
    public ReadOnlySpan<byte> WantsLogits => _wantsLogits.AsSpan(0, Count);

    /// <summary>Appends a row and returns its index.</summary>
    public int Add(int token, int position, int sequence, bool wantsLogits)
    {
        _tokens[Count] = token;
        _positions[Count] = position;
        _sequences[Count] = sequence;
        _wantsLogits[Count] = wantsLogits ? (byte)1 : (byte)0;
        if (wantsLogits)
            Outputs++;
        return Count++;
    }

    public void Clear() => (Count, Outputs) = (0, 0);
}

public enum DecodeStatus
{
    Ok,

    /// <summary>No room for the batch in the cache.</summary>
    NoCells,

    Aborted,

    /// <summary>The runtime refused the batch before computing anything.</summary>
    InvalidBatch,

    Failed,
}
