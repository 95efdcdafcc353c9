namespace ReasonRank.Engines.Local;

/// <summary>A prompt head kept in a sequence of its own, so that others can share its cells.</summary>
internal sealed class Prefix(int[] tokens) : TokenRun(tokens, tokens.Length)
{
    /// <summary>Running sequences that share its cells: it can't go before they do.</summary>
    public int Pins { get; set; }

    /// <summary>The running sequence that it was prepared beside; null once that has ended.</summary>
    public Sequence? Beside { get; set; }

    /// <summary>Grows with every use; the smallest goes first.</summary>
    public long Used { get; set; }

    public bool IsIdle => Pins == 0 && Beside is null;

    public override bool WantsLogits => false;
}
