using System.ComponentModel.DataAnnotations;

namespace ReasonRank.Service.Api.Streaming;

/// <summary>How long answers are kept alive on their way; section <c>ReasonRank:Streaming</c>.</summary>
internal sealed class StreamingOptions
{
    /// <summary>Silence after which an event stream gets a comment, 1 s to 5 minutes. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Work after which a plain answer begins with white space, so that clients with a short read timeout wait on; 0.1 s to 5 minutes. From
    /// then on its status is 200, and a failure becomes the input order with status "fallback"; dialects whose bodies have no status cut the
    /// answer off instead, unless the request passes failures through. Default: never.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan? KeepAliveAfter { get; set; }

    /// <summary>Time between two spaces, 0.1 s to 1 minute. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan KeepAliveEvery { get; set; } = TimeSpan.FromSeconds(1);
}
