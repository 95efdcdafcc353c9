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
}
