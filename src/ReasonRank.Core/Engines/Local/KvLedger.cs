namespace ReasonRank.Engines.Local;

/// <summary>
/// The book of the cache: how many cells are promised, and which sequence ids are free. A run reserves all it can ever fill before it
/// starts, so a running one can't run out. The loop's thread only.
/// </summary>
internal sealed class KvLedger
{
    private readonly Stack<int> _ids;

    /// <param name="total">Cells in the pool.</param>
    /// <param name="ids">Sequence ids, 0..ids-1.</param>
    public KvLedger(int total, int ids)
    {
        Total = total;
        Ids = ids;
        _ids = new Stack<int>(Enumerable.Range(0, ids).Reverse());
    }

    public int Total { get; }

    public int Ids { get; }

    public int Reserved { get; private set; }

    public int Free => Total - Reserved;

    public int FreeIds => _ids.Count;

    public bool Fits(int cells) => cells <= Free && _ids.Count > 0;

    /// <summary>Promises cells and an id to a run.</summary>
    public void Reserve(TokenRun run, int cells)
    {
        if (!Fits(cells))
            throw new InvalidOperationException($"{cells} cells asked, {this}. This is a bug: ask whether they fit first.");
        Reserved += cells;
        run.Cells = cells;
        run.Id = _ids.Pop();
    }

    /// <summary>Takes back what a run holds.</summary>
    public void Release(TokenRun run)
    {
        Reserved -= run.Cells;
        _ids.Push(run.Id);
        (run.Cells, run.Id) = (0, -1);
    }

    public override string ToString() => $"{Reserved} of {Total} cells reserved, {Ids - FreeIds} of {Ids} sequence ids in use";
}
