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

    /// <summary>The client's own words for the user, the request and the query; given back where there is room.</summary>
    public Echoes Echoes { get; init; } = new(null, null, null);

    public bool ReturnDocuments { get; init; }

    /// <summary>Scores as logits instead of numbers in (0, 1].</summary>
    public bool RawScores { get; init; }

    public ReasoningDetail Reasoning { get; init; }

    /// <summary>Answer with server-sent events.</summary>
    public bool Stream { get; init; }

    /// <summary>Send the reasoning while it's decoded; without effect unless streaming.</summary>
    public bool StreamReasoning { get; init; }

    /// <summary>Tokens of the query that are shown; null is all.</summary>
    public int? MaxQueryTokens { get; init; }

    /// <summary>The client would rather have an error than a cut document.</summary>
    public bool ForbidsTruncation { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];
}

internal sealed record Echoes(string? User, string? RequestId, string? QueryId);

/// <summary>A document of the request: what is ranked, and the client's own name for it.</summary>
internal sealed record CallDocument(Candidate Candidate, DocumentId? Id);

internal enum ReasoningDetail
{
    None,

    /// <summary>The last sentences of each window's reasoning.</summary>
    Summary,

    Full,
}
