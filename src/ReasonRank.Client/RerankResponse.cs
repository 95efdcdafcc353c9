using System.Text.Json.Serialization;

namespace ReasonRank.Client;

/// <summary>A ranking and how it came about.</summary>
public sealed record RerankResponse
{
    /// <summary>The answer's name, for finding it in the service's log.</summary>
    public required string Id { get; init; }

    /// <summary>When it was given.</summary>
    [JsonConverter(typeof(UnixTimeConverter))]
    public DateTimeOffset Created { get; init; }

    /// <summary>The model that the request named, else the one that served.</summary>
    public string Model { get; init; } = "";

    /// <summary>Best first, each document at most once.</summary>
    public required IReadOnlyList<RerankResult> Results { get; init; }

    /// <summary>Whether all windows were ranked.</summary>
    public RerankStatus Status { get; init; }

    /// <summary>How scores come about; <c>rank_linear</c>: from the ranks alone.</summary>
    public string ScoreType { get; init; } = "";

    /// <summary>The windows in order of work; empty unless <see cref="RerankRequest.ReturnReasoning"/> asked for them.</summary>
    public IReadOnlyList<RerankWindow> Reasoning { get; init; } = [];

    /// <summary>Tokens.</summary>
    public RerankUsage Usage { get; init; } = new();

    /// <summary>Where the time went.</summary>
    public RerankTimings Timings { get; init; } = new();

    /// <summary>What served.</summary>
    public RerankMeta Meta { get; init; } = new();

    /// <summary>What the service did differently than asked, or advises against.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>How far a ranking came.</summary>
public enum RerankStatus
{
    /// <summary>All windows were ranked.</summary>
    [JsonStringEnumMemberName("complete")]
    Complete,

    /// <summary>The deadline came first: the best order so far.</summary>
    [JsonStringEnumMemberName("partial")]
    Partial,

    /// <summary>Nothing was ranked: the input order.</summary>
    [JsonStringEnumMemberName("fallback")]
    Fallback,
}

/// <summary>A document's place.</summary>
public sealed record RerankResult
{
    /// <summary>The document's place in the request, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The request's own name for the document.</summary>
    public string? Id { get; init; }

    /// <summary>From 1.</summary>
    public int Rank { get; init; }

    /// <summary>In (0, 1], strictly decreasing. It tells the order within this answer and nothing else.</summary>
    public required double RelevanceScore { get; init; }

    /// <summary>Present when <see cref="RerankRequest.ReturnDocuments"/> asked for it.</summary>
    public RerankDocument? Document { get; init; }
}

/// <summary>What the model thought and answered about one window.</summary>
public sealed record RerankWindow
{
    /// <summary>Its place in the order of work, from 0.</summary>
    public int Window { get; init; }

    /// <summary>The places that it covers: the first, and the one after the last.</summary>
    public IReadOnlyList<int> Positions { get; init; } = [];

    /// <summary>The reasoning.</summary>
    public string Text { get; init; } = "";

    /// <summary>The answer as the model wrote it.</summary>
    public string Answer { get; init; } = "";

    /// <summary><c>ok</c>, <c>repaired</c>, <c>truncated</c> or <c>fallback</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>What ended the generation: <c>stop</c>, <c>budget</c>, <c>early_stop</c>, <c>deadline</c> or <c>length</c>.</summary>
    public string Finish { get; init; } = "";

    /// <summary>Tokens written.</summary>
    public int Tokens { get; init; }
}

/// <summary>Tokens over all windows.</summary>
public sealed record RerankUsage
{
    /// <summary>Tokens read.</summary>
    public int PromptTokens { get; init; }

    /// <summary>Tokens written, reasoning included.</summary>
    public int CompletionTokens { get; init; }

    /// <summary>Tokens of reasoning.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>Read and written.</summary>
    public int TotalTokens { get; init; }

    /// <summary>Steps of the engine that served this request.</summary>
    public int DecodeSteps { get; init; }

    /// <summary>The largest reasoning budget that a window really had.</summary>
    public int ReasoningBudget { get; init; }
}

/// <summary>Where the time went, summed over the windows.</summary>
public sealed record RerankTimings
{
    /// <summary>Waiting for a turn.</summary>
    [JsonPropertyName("queue_ms")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan Queue { get; init; }

    /// <summary>Reading prompts.</summary>
    [JsonPropertyName("prefill_ms")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan Prefill { get; init; }

    /// <summary>Writing.</summary>
    [JsonPropertyName("decode_ms")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan Decode { get; init; }

    /// <summary>All in all.</summary>
    [JsonPropertyName("total_ms")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan Total { get; init; }
}

/// <summary>What served and how far it came.</summary>
public sealed record RerankMeta
{
    /// <summary>The model that ranked.</summary>
    public string ServedModel { get; init; } = "";

    /// <summary>The profile of its prompts.</summary>
    public string Profile { get; init; } = "";

    /// <summary>Windows ranked.</summary>
    public int WindowsDone { get; init; }

    /// <summary>Windows planned.</summary>
    public int WindowsTotal { get; init; }

    /// <summary>Whether this is an earlier answer to the same request.</summary>
    public bool Cached { get; init; }
}
