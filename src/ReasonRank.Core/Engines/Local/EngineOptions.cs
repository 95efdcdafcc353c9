namespace ReasonRank.Engines.Local;

/// <summary>How the loop shares one model between sequences.</summary>
public sealed record EngineOptions
{
    /// <summary>Sequences that run at once. 1..256.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>Prompt rows a step may hold beside running sequences; shrinks as the prompt grows. At least 16.</summary>
    public int PrefillChunk { get; init; } = 256;

    /// <summary>Puts in what the answer language leaves no choice about, without steps of its own.</summary>
    public bool JumpForward { get; init; } = true;

    /// <summary>Shares the cells of common prompt heads between sequences.</summary>
    public bool SharePrefixes { get; init; } = true;

    /// <summary>Cells that prefixes may hold while no running sequence needs them, as a share of the pool. 0..1.</summary>
    public double IdlePrefixShare { get; init; } = 0.1;

    /// <summary>Sequence ids a runtime must offer: one for each running sequence and for each prefix that may be kept.</summary>
    public int SequenceIds => SharePrefixes ? 2 * Parallel + 2 : Parallel;
}
