namespace ReasonRank.Ranking;

/// <summary>What a client wants ranked. Null means "as configured" or "as the profile says".</summary>
public sealed record RankingRequest
{
    public required string Query { get; init; }

    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>Results wanted, 1..n; null wants all.</summary>
    public int? TopN { get; init; }

    /// <summary>Reasoning tokens a window; 0 is think-free.</summary>
    public int? ReasoningBudget { get; init; }

    public int? WindowSize { get; init; }

    public int? Stride { get; init; }

    public int Passes { get; init; } = 1;

    /// <summary>Only candidates [RankStart, RankEnd) are reordered.</summary>
    public int RankStart { get; init; }

    public int? RankEnd { get; init; }

    public int? MaxPassageTokens { get; init; }

    public float? Temperature { get; init; }

    public float? TopP { get; init; }

    public int? TopK { get; init; }

    /// <summary>Null derives a seed from the request's hash.</summary>
    public uint? Seed { get; init; }

    /// <summary>A strategy's name; null is the configured default.</summary>
    public string? Strategy { get; init; }

    public bool Constrain { get; init; } = true;

    public TimeSpan? Timeout { get; init; }

    public DeadlinePolicy OnDeadline { get; init; }

    public FailurePolicy OnError { get; init; }

    public bool UseCache { get; init; } = true;

    /// <summary>Among the waiting requests of one client lower goes first; others aren't affected.</summary>
    public int Priority { get; init; }

    /// <summary>Who asks, opaque: the unit of fairness between clients and of the cache's partitions.</summary>
    public string Client { get; init; } = "";
}

/// <summary>One passage of the first stage, at its place in the retriever's order.</summary>
/// <param name="Text">The passage; may be blank.</param>
/// <param name="Title">Rendered before the text when present.</param>
/// <param name="Score">The first stage's score; kept, never trusted.</param>
public sealed record Candidate(string Text, string? Title = null, double? Score = null);

/// <summary>What a client gets when the deadline comes before the last window.</summary>
public enum DeadlinePolicy
{
    /// <summary>The best order so far.</summary>
    Partial,

    /// <summary>An error.</summary>
    Error,
}

/// <summary>What a client gets when the engine fails.</summary>
public enum FailurePolicy
{
    /// <summary>An error.</summary>
    Error,

    /// <summary>The input order, labelled as a fallback.</summary>
    Passthrough,
}
