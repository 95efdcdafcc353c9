using System.ComponentModel.DataAnnotations;

namespace ReasonRank.Service.Api;

/// <summary>Bounds on what one request may bring; section <c>ReasonRank:Limits</c>.</summary>
internal sealed class LimitOptions
{
    /// <summary>1 to 100,000. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxDocuments { get; set; } = 1_000;

    /// <summary>Bytes; 1,024 to 1 GiB. Default 8 MiB.</summary>
    [Range(1_024, 1L << 30)]
    public long MaxBodyBytes { get; set; } = 8 << 20;

    /// <summary>Characters of an instruction that are used, 0 to 100,000. Default 2,000.</summary>
    [Range(0, 100_000)]
    public int MaxInstructionLength { get; set; } = 2_000;

    /// <summary>Refuse requests that name another model than the served one. Default false: many clients can't be told the name.</summary>
    public bool StrictModel { get; set; }

    /// <summary>Refuse a document that would be cut when its request forbids that. Default false: some clients forbid it always.</summary>
    public bool StrictTruncation { get; set; }
}
