namespace ReasonRank.Engines.Local;

/// <summary>Tokens that occupy one sequence of the cache from position 0: the first <see cref="Computed"/> are in it, the rest wait for a step.</summary>
internal abstract class TokenRun(int[] tokens, int count)
{
    /// <summary>The runtime's sequence id; -1 while none is held.</summary>
    public int Id { get; set; } = -1;

    /// <summary>Tokens known, computed or not.</summary>
    public int Count { get; private set; } = count;

    /// <summary>Tokens whose cells are filled.</summary>
    public int Computed { get; set; }

    public int Pending => Count - Computed;

    /// <summary>Reserved cells of its own; those of a shared prefix are the prefix's.</summary>
    public int Cells { get; set; }

    /// <summary>The prefix whose cells this run shares.</summary>
    public Prefix? Shared { get; set; }

    public ReadOnlySpan<int> Tokens => tokens.AsSpan(0, Count);

    /// <summary>True when the last row of a step that reaches the end of the run asks for logits.</summary>
    public abstract bool WantsLogits { get; }

    protected void Append(int token) => tokens[Count++] = token;
}
