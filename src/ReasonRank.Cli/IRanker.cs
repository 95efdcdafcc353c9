using System.Text.Json;

namespace ReasonRank.Cli;

/// <summary>Ranks documents somewhere: on this machine or on a server. Takes several jobs at once.</summary>
internal interface IRanker : IAsyncDisposable
{
    /// <summary>The response as the service's native dialect has it: results, status, usage, perhaps reasoning and warnings.</summary>
    Task<JsonElement> RankAsync(RankJob job, CancellationToken cancellationToken);
}

/// <summary>What to rank.</summary>
/// <param name="TopN">Results wanted; null wants all.</param>
internal sealed record RankJob(string Query, IReadOnlyList<InputDocument> Documents, int? TopN, bool Reasoning);

/// <summary>A document as it was read.</summary>
/// <param name="Id">A string or number, echoed as given.</param>
internal sealed record InputDocument(string Text, string? Title = null, JsonElement? Id = null);
