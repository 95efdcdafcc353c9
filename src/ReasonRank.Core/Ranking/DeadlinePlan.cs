namespace ReasonRank.Ranking;

/// <summary>What gives way when a deadline can't hold every window with the reasoning it would like.</summary>
internal enum DeadlinePlanKind
{
    /// <summary>All windows reason less; only when that would be next to nothing are those farthest from the head left out.</summary>
    SmallerBudgets,

    /// <summary>The windows farthest from the head are left out, the others reason as they like.</summary>
    FewerWindows,

    /// <summary>The head window comes first, as an insurance; then as many windows up to the head as the rest of the time holds.</summary>
    HeadFirst,

    /// <summary>All windows or none: for who wants an error rather than a part.</summary>
    AllOrNothing,
}

/// <summary>What one window costs, in seconds.</summary>
/// <param name="Fixed">Without reasoning.</param>
/// <param name="Answer">The part of that which comes after the reasoning.</param>
internal readonly record struct WindowCost(double Fixed, double Answer);

/// <summary>
/// How to spend the time that is left on the windows that are left. Made anew before each window, so that what one window saves
/// or overdraws is shared by the rest.
/// </summary>
/// <param name="Windows">Which of the windows left to run, in order; empty when there is no time for any.</param>
/// <param name="Budget">Reasoning tokens for the first of them.</param>
/// <param name="CloseAfter">Seconds from now after which its reasoning must end, so that its answer and the others keep their time.</param>
internal sealed record DeadlinePlan(IReadOnlyList<int> Windows, int Budget, double CloseAfter)
{
    // Reasoning that is cut to less than a quarter of its usual length is worth less than a window more.
    private const int LeastShare = 4;

    /// <param name="seconds">Time left.</param>
    /// <param name="windows">The windows left in order of work; the head comes last.</param>
    /// <param name="token">Seconds per reasoning token.</param>
    /// <param name="budget">Reasoning tokens that a window may have at most.</param>
    /// <param name="typical">Reasoning tokens that a window usually takes; at most <paramref name="budget"/>.</param>
    public static DeadlinePlan Make(
        DeadlinePlanKind kind, double seconds, IReadOnlyList<WindowCost> windows, double token, int budget, int typical)
    {
        if (Suffix(seconds, windows, typical * token) == windows.Count)
            return Spend(seconds, [.. Enumerable.Range(0, windows.Count)], windows, token, budget, typical);

        var least = (int)Math.Ceiling(typical / (double)LeastShare);
        return kind switch
        {
            DeadlinePlanKind.FewerWindows => Tail(seconds, windows, token, typical, typical),
            DeadlinePlanKind.HeadFirst => HeadFirst(seconds, windows, token, typical),
            DeadlinePlanKind.AllOrNothing when Suffix(seconds, windows, 0) < windows.Count => None,
            DeadlinePlanKind.AllOrNothing => Tail(seconds, windows, token, 0, typical),
            _ => Tail(seconds, windows, token, least, typical),
        };
    }

    private static DeadlinePlan None { get; } = new([], 0, 0);

    /// <summary>As many windows up to the head as can reason for <paramref name="least"/> tokens each; what is left over is shared.</summary>
    private static DeadlinePlan Tail(double seconds, IReadOnlyList<WindowCost> windows, double token, int least, int most)
    {
        var count = Math.Max(1, Suffix(seconds, windows, least * token));
        var chosen = Enumerable.Range(windows.Count - count, count).ToArray();
        var spare = seconds - chosen.Sum(index => windows[index].Fixed);
        if (spare < 0)
            return None;
        var share = (int)Math.Min(most, spare / (count * token));
        return Spend(seconds, chosen, windows, token, share, share);
    }

    private static DeadlinePlan HeadFirst(double seconds, IReadOnlyList<WindowCost> windows, double token, int typical)
    {
        var head = Tail(seconds, [windows[^1]], token, typical, typical);
        if (head.Windows.Count == 0)
            return None;
        var rest = Suffix(seconds - windows[^1].Fixed - (head.Budget * token), windows, typical * token);
        int[] chosen = [windows.Count - 1, .. rest > 1 ? Enumerable.Range(windows.Count - rest, rest) : []];
        return Spend(seconds, chosen, windows, token, head.Budget, typical);
    }

    /// <summary>The most windows, counted from the head, that fit when each reasons for so many seconds.</summary>
    private static int Suffix(double seconds, IReadOnlyList<WindowCost> windows, double reasoning)
    {
        var count = 0;
        while (count < windows.Count && (seconds -= windows[^(count + 1)].Fixed + reasoning) >= 0)
            count++;
        return count;
    }

    private static DeadlinePlan Spend(
        double seconds, int[] chosen, IReadOnlyList<WindowCost> windows, double token, int budget, int typical)
    {
        var later = chosen.Skip(1).Sum(index => windows[index].Fixed + (typical * token));
        return new DeadlinePlan(chosen, budget, seconds - later - windows[chosen[0]].Answer);
    }
}
