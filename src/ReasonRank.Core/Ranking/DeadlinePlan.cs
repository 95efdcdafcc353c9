namespace ReasonRank.Ranking;

/// <summary>What gives way when a deadline can't hold every window with the reasoning it would like.</summary>
internal enum DeadlinePlanKind
{
    /// <summary>The windows farthest from the head are left out, the others reason as they like.</summary>
    FewerWindows,

    /// <summary>All windows reason less; only when that would be next to nothing are those farthest from the head left out.</summary>
    SmallerBudgets,

    /// <summary>The head window comes first, as an insurance; then as many windows up to the head as the rest of the time holds.</summary>
    HeadFirst,

    /// <summary>All windows or none: for who wants an error rather than a part.</summary>
    AllOrNothing,
}

/// <summary>
/// How to spend the time that is left on the windows that are left. Made anew before each window, so that what one window saves
/// or overdraws is shared by the rest.
/// </summary>
/// <param name="Windows">Which of the windows left to run, in order; empty when there is no time for any.</param>
/// <param name="Reasoning">Seconds of reasoning that the first of them may take; null when only <paramref name="CloseAfter"/> bounds it.</param>
/// <param name="CloseAfter">Seconds from now after which its reasoning must end, so that its answer and the others keep their time.</param>
internal sealed record DeadlinePlan(IReadOnlyList<int> Windows, double? Reasoning, double CloseAfter)
{
    // Reasoning that is cut to less than a quarter of its usual length is worth less than a window more.
    private const double LeastShare = 0.25;

    private static DeadlinePlan None { get; } = new([], null, 0);

    /// <param name="seconds">Time left.</param>
    /// <param name="windows">The windows left in order of work; the head comes last.</param>
    public static DeadlinePlan Make(DeadlinePlanKind kind, double seconds, IReadOnlyList<WindowCost> windows)
    {
        if (Holds(seconds, windows))
            return Spend(seconds, [.. Enumerable.Range(0, windows.Count)], windows);
        return kind switch
        {
            DeadlinePlanKind.SmallerBudgets => Share(seconds, windows, Math.Max(1, Tail(seconds, windows, LeastShare))),
            DeadlinePlanKind.AllOrNothing => Share(seconds, windows, windows.Count),
            DeadlinePlanKind.HeadFirst => HeadFirst(seconds, windows),
            _ => LeaveOut(seconds, windows),
        };
    }

    /// <summary>Whether there is time for all windows and their usual reasoning.</summary>
    public static bool Holds(double seconds, IReadOnlyList<WindowCost> windows) => Tail(seconds, windows, share: 1) == windows.Count;

    private static DeadlinePlan LeaveOut(double seconds, IReadOnlyList<WindowCost> windows)
    {
        var count = Math.Max(1, Tail(seconds, windows, share: 1));
        return windows[^1].Fixed > seconds ? None : Spend(seconds, [.. Enumerable.Range(windows.Count - count, count)], windows);
    }

    private static DeadlinePlan HeadFirst(double seconds, IReadOnlyList<WindowCost> windows)
    {
        var head = windows[^1];
        if (head.Fixed > seconds)
            return None;
        var rest = Tail(seconds - head.Fixed - head.Reasoning, windows, share: 1);
        return Spend(seconds, [windows.Count - 1, .. rest > 1 ? Enumerable.Range(windows.Count - rest, rest) : []], windows);
    }

    /// <summary>The last windows reason for the same time each.</summary>
    private static DeadlinePlan Share(double seconds, IReadOnlyList<WindowCost> windows, int count)
    {
        var chosen = Enumerable.Range(windows.Count - count, count).ToArray();
        var each = (seconds - chosen.Sum(index => windows[index].Fixed)) / count;
        if (each < 0)
            return None;
        var later = chosen.Skip(1).Sum(index => windows[index].Fixed + each);
        return new DeadlinePlan(chosen, each, seconds - later - windows[chosen[0]].Answer);
    }

    /// <summary>Every window reasons as long as it likes, but leaves the later ones what they usually take.</summary>
    private static DeadlinePlan Spend(double seconds, int[] chosen, IReadOnlyList<WindowCost> windows)
    {
        var later = chosen.Skip(1).Sum(index => windows[index].Fixed + windows[index].Reasoning);
        return new DeadlinePlan(chosen, Reasoning: null, seconds - later - windows[chosen[0]].Answer);
    }

    /// <summary>The most windows, counted from the head, that fit when each takes this share of its usual reasoning.</summary>
    private static int Tail(double seconds, IReadOnlyList<WindowCost> windows, double share)
    {
        var count = 0;
        while (count < windows.Count && (seconds -= windows[^(count + 1)].Fixed + (share * windows[^(count + 1)].Reasoning)) >= 0)
            count++;
        return count;
    }
}
