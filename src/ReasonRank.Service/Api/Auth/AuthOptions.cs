using System.ComponentModel.DataAnnotations;

namespace ReasonRank.Service.Api.Auth;

/// <summary>Who may use the service; section <c>ReasonRank:Auth</c>. Without keys everybody may.</summary>
internal sealed class AuthOptions
{
    /// <summary>API keys, as they are or as "sha256:" and 64 hexadecimal digits. Default none.</summary>
    public IList<string> Keys { get; } = [];

    /// <summary>A file of further keys, one a line; read again when it changes. Where one is named a key is needed, even while it's empty.</summary>
    public string? KeysFile { get; set; }

    /// <summary>How often the file is looked at, 0.1 s to 1 hour. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan KeysFileInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Ask for a key at /, /swagger and /openapi, too. Default false.</summary>
    public bool ProtectDocs { get; set; }

    /// <summary>Give /metrics to everybody though there are keys. Default false.</summary>
    public bool PublicMetrics { get; set; }

    /// <summary>Rankings a minute that each key, or without keys each address, may ask for; 0 is no limit, up to 1,000,000. Default 0.</summary>
    [Range(0, 1_000_000)]
    public int RequestsPerMinute { get; set; }
}
