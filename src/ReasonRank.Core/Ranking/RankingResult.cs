using ReasonRank.Engines;
using ReasonRank.Prompting;

namespace ReasonRank.Ranking;

/// <summary>A ranking of all candidates and how it came about.</summary>
public sealed record RankingResult
{
    /// <summary>Indices into the request's candidates, best first; each of 0..n-1 once.</summary>
    public required IReadOnlyList<int> Order { get; init; }

    public required RankingStatus Status { get; init; }

    /// <summary>The windows in order of work.</summary>
    public IReadOnlyList<WindowTrace> Windows { get; init; } = [];

    public int WindowsTotal { get; init; }

    public RankingUsage Usage { get; init; } = new();

    public RankingTimings Timings { get; init; } = new();

    public string ServedModel { get; init; } = "";

    public string Profile { get; init; } = "";

    public bool IsCached { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];
}

public enum RankingStatus
{
    Complete,

    /// <summary>The deadline came first: the best order so far.</summary>
    Partial,

    /// <summary>The input order, because the engine failed.</summary>
    Fallback,
}

/// <summary>One window's reasoning and answer.</summary>
/// <param name="Window">Its place in the order of work, from 0.</param>
/// <param name="Start">First position, inclusive.</param>
/// <param name="End">Last position, exclusive.</param>
/// <param name="Text">The reasoning, without its tags.</param>
/// <param name="Answer">The answer as the model wrote it, without its tags.</param>
/// <param name="Tokens">Completion tokens.</param>
public sealed record WindowTrace(
    int Window, int Start, int End, string Text, string Answer, AnswerStatus Status, FinishReason Finish, int Tokens);

/// <summary>Token counts over all windows.</summary>
public sealed record RankingUsage
{
    public int PromptTokens { get; init; }

    public int ReusedPromptTokens { get; init; }

    public int CompletionTokens { get; init; }

    public int ReasoningTokens { get; init; }

    public int DecodeSteps { get; init; }

    public int StyleBreaks { get; init; }

    /// <summary>The largest reasoning budget that a window really had.</summary>
    public int ReasoningBudget { get; init; }
}

/// <summary>Where the time of a request went; engine times are summed over the windows.</summary>
public sealed record RankingTimings
{
    public TimeSpan Queue { get; init; }

    public TimeSpan Prefill { get; init; }

    public TimeSpan Decode { get; init; }

    public TimeSpan Total { get; init; }
}
