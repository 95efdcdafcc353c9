namespace ReasonRank.Client;

/// <summary>What happens while a request is ranked.</summary>
public abstract record RerankEvent
{
    private RerankEvent()
    {
    }

    /// <summary>The request waits for its turn.</summary>
    /// <param name="Ahead">Requests before it.</param>
    public sealed record Queued(int Ahead) : RerankEvent;

    /// <summary>The model begins with a window.</summary>
    /// <param name="Window">Its place in the order of work, from 0.</param>
    /// <param name="WindowsTotal">Windows planned.</param>
    /// <param name="Positions">The places that it covers: the first, and the one after the last.</param>
    public sealed record WindowStarted(int Window, int WindowsTotal, IReadOnlyList<int> Positions) : RerankEvent;

    /// <summary>More of what the model thinks and answers.</summary>
    /// <param name="Window">The window's place in the order of work, from 0.</param>
    /// <param name="Text">Goes right behind the same window's text before it; windows may take turns.</param>
    public sealed record ReasoningDelta(int Window, string Text) : RerankEvent;

    /// <summary>A window is ranked.</summary>
    /// <param name="Window">What became of it.</param>
    /// <param name="Order">All documents in the order so far, by their places in the request.</param>
    public sealed record WindowRanked(RerankWindow Window, IReadOnlyList<int> Order) : RerankEvent;

    /// <summary>The ranking is complete, or as complete as it gets.</summary>
    /// <param name="Response">The same as without a stream.</param>
    public sealed record Done(RerankResponse Response) : RerankEvent;
}
