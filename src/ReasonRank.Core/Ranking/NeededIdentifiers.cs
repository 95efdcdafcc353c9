namespace ReasonRank.Ranking;

/// <summary>
/// How much of each window's answer decides the first places of the final ranking: the places that the next window takes over,
/// and the top places that no later window touches. What comes after needn't be decoded.
/// </summary>
internal static class NeededIdentifiers
{
    /// <summary>Identifiers needed of each window, from the best; 0 means that the window needn't run at all.</summary>
    /// <param name="windows">Windows in order of work, each ending no later than the one before.</param>
    /// <param name="lastPass">Index of the first window of the last pass; all before it are needed whole.</param>
    /// <param name="topN">Places wanted of the final ranking.</param>
    public static int[] Of(IReadOnlyList<WindowRange> windows, int lastPass, int topN)
    {
        var needed = new int[windows.Count];
        var takenOver = 0;
        for (var k = windows.Count - 1; k >= 0; k--)
        {
            var window = windows[k];
            needed[k] = k < lastPass
                ? window.Length
                : Math.Max(takenOver - window.Start, Math.Clamp(topN - window.Start, 0, window.Length));
            if (needed[k] > 0)
                takenOver = window.End;
        }

        return needed;
    }
}
