using ReasonRank.Ranking;
using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Api;

/// <summary>What a client asked for: the ranking itself, and how it wants to hear of it.</summary>
internal sealed record RerankCall
{
    public required RankingRequest Ranking { get; init; }

    /// <summary>The candidates as they came, in the request's order.</summary>
    public required IReadOnlyList<CallDocument> Documents { get; init; }

    /// <summary>The model that the client named; it's given back, whatever model serves.</summary>
    public string? Model { get; init; }

    public bool ReturnDocuments { get; init; }

    public ReasoningDetail Reasoning { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A document of the request: what is ranked, and the client's own name for it.</summary>
internal sealed record CallDocument(Candidate Candidate, DocumentId? Id);

internal enum ReasoningDetail
{
    None,

    /// <summary>The last sentences of each window's reasoning.</summary>
    Summary,

    Full,
}
