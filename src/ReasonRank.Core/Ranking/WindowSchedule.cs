namespace ReasonRank.Ranking;

/// <summary>The positions [Start, End) of a ranking that are ordered together.</summary>
public readonly record struct WindowRange(int Start, int End)
{
    public int Length => End - Start;
}

/// <summary>
/// Which windows a sliding ranking works through, and in which order: from the tail to the head, so that a strong passage
/// far down can climb all the way. Follows the reference, except where that ranks nothing at all: a slice shorter than
/// a window is one window.
/// </summary>
public static class WindowSchedule
{
    /// <summary>The windows of all passes in order of work; every pass covers the whole slice.</summary>
    /// <param name="count">Candidates, 0 or more.</param>
    /// <param name="size">Positions in a window, at least 1.</param>
    /// <param name="stride">Positions between the starts of two windows, 1..<paramref name="size"/>.</param>
    /// <param name="rankStart">First position of the slice.</param>
    /// <param name="rankEnd">End of the slice, exclusive; beyond <paramref name="count"/> it means all.</param>
    /// <param name="passes">Times the slice is worked through, at least 1.</param>
    public static IReadOnlyList<WindowRange> Plan(int count, int size, int stride, int rankStart = 0, int rankEnd = int.MaxValue, int passes = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stride, size);
        ArgumentOutOfRangeException.ThrowIfNegative(rankStart);
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);

        var pass = Pass(Math.Min(rankEnd, count), size, stride, rankStart).ToArray();
        return [.. Enumerable.Repeat(pass, passes).SelectMany(windows => windows)];
    }

    private static IEnumerable<WindowRange> Pass(int end, int size, int stride, int rankStart)
    {
        if (end <= rankStart)
            yield break;

        while (end - size > rankStart)
        {
            yield return new WindowRange(end - size, end);
            end -= stride;
        }

        yield return new WindowRange(rankStart, end);
    }
}
