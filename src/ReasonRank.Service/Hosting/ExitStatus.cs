namespace ReasonRank.Service.Hosting;

/// <summary>What the process says when it ends.</summary>
internal sealed class ExitStatus
{
    public const int Failed = 1;

    /// <summary>0 unless something essential broke.</summary>
    public int Code { get; set; }
}
