using ReasonRank.Ranking;

namespace ReasonRank.Benchmarks;

/// <summary>One more lever than the row before it; top-down stands apart, since it changes what is ranked against what.</summary>
internal sealed record RerankLever(string Name)
{
    public bool JumpForward { get; private init; }

    public bool EarlyStop { get; private init; }

    public bool SharePrefixes { get; private init; }

    public bool OverlapPrefill { get; private init; }

    public string Strategy { get; private init; } = StrategyNames.SlidingWindow;

    /// <summary>All that change no result and are on by default.</summary>
    public static RerankLever Defaults => All.Single(lever => lever.Name == "+ shared heads");

    public static RerankLever TopDown => All[^1];

    public static IReadOnlyList<RerankLever> All { get; } = [.. OneByOne()];

    private static IEnumerable<RerankLever> OneByOne()
    {
        var lever = new RerankLever("plain loop");
        yield return lever;
        yield return lever = lever with { Name = "+ jump-forward", JumpForward = true };
        yield return lever = lever with { Name = "+ early stop", EarlyStop = true };
        yield return lever = lever with { Name = "+ shared heads", SharePrefixes = true };
        yield return lever with { Name = "+ overlapped prefill", OverlapPrefill = true };
        yield return lever with { Name = "shared heads, top-down", Strategy = StrategyNames.TopDown };
    }
}
