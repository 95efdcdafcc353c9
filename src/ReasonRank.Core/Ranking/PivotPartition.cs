namespace ReasonRank.Ranking;

/// <summary>
/// The candidates of one top-down pass, split by what is known of them: above the pivot, below it, not seen yet. Bookkeeping
/// only; <see cref="TopDownPass"/> asks the model.
/// </summary>
/// <param name="unseen">All candidates in the order given.</param>
/// <param name="size">Candidates in a window, at least 2.</param>
internal sealed class PivotPartition(IReadOnlyList<int> unseen, int size)
{
    private readonly List<IReadOnlyList<int>> _above = [];
    private readonly List<IReadOnlyList<int>> _below = [];
    private IReadOnlyList<int> _pivot = [];
    private IReadOnlyList<int> _unseen = unseen;
    private IReadOnlyList<int> _cutOff = [];

    /// <summary>The place of the pivot in a window of this length: half of the window, the pivot included, is at least as good.</summary>
    public static int PivotRank(int length) => Math.Max(1, length / 2) - 1;

    /// <summary>A number of things in as few parts of at most <paramref name="most"/> as it takes, the parts as even as can be.</summary>
    public static IReadOnlyList<int> Shares(int count, int most)
    {
        var parts = (count + most - 1) / most;
        return [.. Enumerable.Range(0, parts).Select(part => ((part + 1) * count / parts) - (part * count / parts))];
    }

    /// <summary>Those who are ranked first.</summary>
    public int[] Head { get; } = [.. unseen.Take(size)];

    /// <summary>Those behind the head, in blocks that leave room for the pivot.</summary>
    public IReadOnlyList<int[]> Blocks { get; } = Split([.. unseen.Skip(size)], size - 1);

    /// <summary>The candidate that all others are compared with; known once the head is ranked.</summary>
    public int Pivot => _pivot[0];

    /// <summary>Candidates above the pivot, the best of each window first.</summary>
    public IReadOnlyList<int> Pool { get; private set; } = [];

    /// <summary>Whether any candidate from outside the head window is in the pool: else the pool is in order already.</summary>
    public bool HasNewcomers => _above.Skip(1).Any(window => window.Count > 0);

    /// <summary>Candidates above the pivot for which the last window has no place.</summary>
    public int CutOff => _cutOff.Count;

    /// <summary>A pool larger than a window, dealt out so that each heat has its share of the likely best.</summary>
    public IReadOnlyList<int[]> Heats
    {
        get
        {
            var count = (Pool.Count + size - 1) / size;
            return [.. Enumerable.Range(0, count).Select(heat => Pool.Where((_, rank) => rank % count == heat).ToArray())];
        }
    }

    /// <summary>Everything in the order known so far, the best first.</summary>
    public int[] Order => [.. Pool, .. _cutOff, .. _pivot, .. ByRank(_below), .. _unseen];

    /// <summary>The head window is ranked: it gives the pivot.</summary>
    public void TakeHead(IReadOnlyList<int> ranked)
    {
        _pivot = [ranked[PivotRank(ranked.Count)]];
        _unseen = [.. _unseen.Skip(ranked.Count)];
        Divide([ranked]);
    }

    /// <summary>The next blocks are ranked, each with the pivot among its candidates.</summary>
    public void TakeBlocks(IReadOnlyList<IReadOnlyList<int>> ranked)
    {
        _unseen = [.. _unseen.Skip(ranked.Sum(block => block.Count - 1))];
        Divide(ranked);
    }

    /// <summary>All heats are ranked: the best of each fill one window, the others are cut off.</summary>
    public void TakeHeats(IReadOnlyList<IReadOnlyList<int>> ranked)
    {
        var all = ByRank(ranked);
        (Pool, _cutOff) = (all[..size], all[size..]);
    }

    /// <summary>The pool is ranked.</summary>
    public void TakePool(IReadOnlyList<int> ranked) => Pool = ranked;

    private static List<int[]> Split(int[] candidates, int most)
    {
        var blocks = new List<int[]>();
        foreach (var share in Shares(candidates.Length, most))
            blocks.Add(candidates[blocks.Sum(block => block.Length)..][..share]);
        return blocks;
    }

    private void Divide(IReadOnlyList<IReadOnlyList<int>> ranked)
    {
        foreach (var window in ranked)
        {
            _above.Add([.. window.TakeWhile(candidate => candidate != Pivot)]);
            _below.Add([.. window.SkipWhile(candidate => candidate != Pivot).Skip(1)]);
        }

        Pool = ByRank(_above);
    }

    /// <summary>The first of every list, then the second of every list, and so on.</summary>
    private static int[] ByRank(IReadOnlyList<IReadOnlyList<int>> lists) =>
        [.. lists.SelectMany(list => list.Index()).OrderBy(entry => entry.Index).Select(entry => entry.Item)];
}
