namespace ReasonRank.Ranking;

/// <summary>Progress of one request, for whoever watches it. Raised on the request's own flow, in order.</summary>
public abstract record RankingEvent
{
    /// <summary>The request waits for its turn.</summary>
    /// <param name="Ahead">Requests before it.</param>
    public sealed record Queued(int Ahead) : RankingEvent;

    public sealed record WindowStarted(int Window, int WindowsTotal, int Start, int End) : RankingEvent;

    /// <summary>More of a window's raw output, reasoning and answer alike.</summary>
    public sealed record ReasoningDelta(int Window, string Text) : RankingEvent;

    /// <summary>A window is done.</summary>
    /// <param name="Order">The order so far: indices into the request's candidates.</param>
    public sealed record WindowRanked(WindowTrace Trace, IReadOnlyList<int> Order) : RankingEvent;
}
