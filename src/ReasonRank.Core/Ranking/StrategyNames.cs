namespace ReasonRank.Ranking;

/// <summary>The strategies a request or the configuration may name.</summary>
public static class StrategyNames
{
    /// <summary>Overlapping windows from the tail to the head, one after another: the way ReasonRank was trained and measured.</summary>
    public const string SlidingWindow = "sliding-window";

    /// <summary>A pivot from the head window, against which all others are ranked at the same time: three or four rounds.</summary>
    public const string TopDown = "top-down";

    public static IReadOnlyList<string> All { get; } = [SlidingWindow, TopDown];
}
