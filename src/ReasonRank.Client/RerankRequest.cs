using System.Text.Json.Serialization;

namespace ReasonRank.Client;

/// <summary>What to rank. Null leaves the choice to the service.</summary>
public sealed record RerankRequest
{
    /// <summary>What the documents are ranked for; not blank.</summary>
    public required string Query { get; init; }

    /// <summary>The candidates in the order of their retriever, best first; at least one.</summary>
    public required IReadOnlyList<RerankDocument> Documents { get; init; }

    /// <summary>A name to give back in the answer. The service ranks with the model that it has.</summary>
    public string? Model { get; init; }

    /// <summary>Results wanted; null wants all.</summary>
    public int? TopN { get; init; }

    /// <summary>Whether results carry their documents.</summary>
    public bool ReturnDocuments { get; init; }

    /// <summary>How much of the model's reasoning the answer carries.</summary>
    public ReasoningDetail? ReturnReasoning { get; init; }

    /// <summary>Reasoning tokens for a window; 0 ranks without reasoning.</summary>
    public int? ReasoningBudget { get; init; }

    /// <summary>Documents that the model sees at once; 2 or more.</summary>
    public int? WindowSize { get; init; }

    /// <summary>How far a window moves on; 1 to <see cref="WindowSize"/>.</summary>
    public int? Stride { get; init; }

    /// <summary>How often all documents are gone through.</summary>
    public int? Passes { get; init; }

    /// <summary>Documents before this one keep their places.</summary>
    public int? RankStart { get; init; }

    /// <summary>This document and those after it keep their places.</summary>
    public int? RankEnd { get; init; }

    /// <summary>Longer documents are cut to as many tokens of the model.</summary>
    public int? MaxTokensPerDoc { get; init; }

    /// <summary>0 always takes the likeliest token.</summary>
    public float? Temperature { get; init; }

    /// <summary>Above 0, up to 1.</summary>
    public float? TopP { get; init; }

    /// <summary>Tokens to choose from; 0 is all.</summary>
    public int? TopK { get; init; }

    /// <summary>Makes a sampled answer repeatable. Without it the service derives one from the request.</summary>
    public uint? Seed { get; init; }

    /// <summary>How windows are laid over the documents, such as <c>sliding-window</c>.</summary>
    public string? Strategy { get; init; }

    /// <summary>Whether the model can only answer with a permutation.</summary>
    public bool? Constrain { get; init; }

    /// <summary>The service's deadline for its answer, in whole milliseconds.</summary>
    [JsonPropertyName("timeout_ms")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? Timeout { get; init; }

    /// <summary>What to do when the deadline comes before the last window.</summary>
    public DeadlinePolicy? OnDeadline { get; init; }

    /// <summary>What to do when the engine fails.</summary>
    public FailurePolicy? OnError { get; init; }

    /// <summary>Lower goes first among this client's own waiting requests; 0 without one.</summary>
    public int? Priority { get; init; }

    /// <summary>Whether an earlier answer to the same request will do.</summary>
    public bool? Cache { get; init; }

    /// <summary>Set by the client itself.</summary>
    [JsonInclude]
    internal bool? Stream { get; init; }
}

/// <summary>How much of the reasoning is wanted.</summary>
public enum ReasoningDetail
{
    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>The last sentences of each window.</summary>
    [JsonStringEnumMemberName("summary")]
    Summary,

    /// <summary>All of it.</summary>
    [JsonStringEnumMemberName("full")]
    Full,
}

/// <summary>What a deadline does.</summary>
public enum DeadlinePolicy
{
    /// <summary>It gives the best order so far, with <see cref="RerankStatus.Partial"/>.</summary>
    [JsonStringEnumMemberName("partial")]
    Partial,

    /// <summary>It gives an error with status 504.</summary>
    [JsonStringEnumMemberName("error")]
    Error,
}

/// <summary>What a failure of the engine does.</summary>
public enum FailurePolicy
{
    /// <summary>It gives an error.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>It gives the input order, with <see cref="RerankStatus.Fallback"/>.</summary>
    [JsonStringEnumMemberName("passthrough")]
    Passthrough,
}
