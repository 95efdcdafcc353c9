namespace ReasonRank.Engines.Local;

/// <summary>
/// Prompt heads that later prompts may begin with. One mechanism: the longest common token prefix of a new prompt and a kept head is shared by
/// copying cell metadata, so reuse never rests on an assumption about the text. Heads come from two places: the system turn that
/// every prompt of a profile begins with, and the head of the window that will follow, prefilled with spare rows while its
/// predecessor decodes. Attention spans all cells up to the highest used, so idle heads slow every step: they're capped, and go first
/// when room is short. The loop's thread only.
/// </summary>
internal sealed class PrefixCache(IModelRuntime runtime, KvLedger ledger, EngineOptions options)
{
    /// <summary>Shorter heads aren't worth a sequence id.</summary>
    private const int Shortest = 16;

    private readonly List<Prefix> _prefixes = [];
    private readonly int _most = Math.Max(0, ledger.Ids - options.Parallel);
    private readonly int _idleCells = (int)(ledger.Total * options.IdlePrefixShare);
    private long _clock;

    public List<Prefix> All => _prefixes;

    /// <summary>Cells that all heads hold.</summary>
    public int Cells { get; private set; }

    /// <summary>The kept head that shares most with a prompt; null when none is worth it.</summary>
    /// <param name="shared">Tokens shared: computed ones, and never the prompt's last, whose logits are needed.</param>
    public Prefix? Find(ReadOnlySpan<int> prompt, out int shared)
    {
        shared = 0;
        Prefix? best = null;
        foreach (var prefix in _prefixes)
        {
            var common = Math.Min(prompt.CommonPrefixLength(prefix.Tokens[..prefix.Computed]), prompt.Length - 1);
            // Sharing pins the whole head: a little of a long one costs more cells than it saves.
            if (common < Shortest || common <= shared || common * 2 < prefix.Computed)
                continue;
            (best, shared) = (prefix, common);
        }
        return best;
    }

    /// <summary>Gives a sequence that has its id the first tokens of a head, and pins the head.</summary>
    public void Share(Prefix prefix, Sequence sequence, int shared)
    {
        runtime.SeqCopy(prefix.Id, sequence.Id, 0, shared);
        sequence.Computed = sequence.Reused = shared;
        sequence.Shared = prefix;
        prefix.Pins++;
        prefix.Used = ++_clock;
    }

    /// <summary>Keeps what a prompt that was just computed can offer: its system turn, and the head of the window to follow.</summary>
    public void Offer(Sequence sequence, int systemTokens)
    {
        if (!options.SharePrefixes)
            return;
        if (sequence.Upcoming.Length > 0)
            Keep(sequence.Upcoming, sequence, beside: sequence);
        else if (sequence.Reused < systemTokens)
            Keep(sequence.Tokens[..systemTokens].ToArray(), sequence, beside: null);
    }

    /// <summary>A sequence has ended: heads it held are free to go, and those beyond the cap do.</summary>
    public void Leave(Sequence sequence)
    {
        if (sequence.Shared is { } shared)
            shared.Pins--;
        sequence.Shared = null;
        foreach (var prefix in _prefixes)
        {
            if (prefix.Beside == sequence)
                prefix.Beside = null;
        }
        while (IdleCells() > _idleCells && DropOldest(idleOnly: true))
        {
        }
    }

    /// <summary>
    /// Makes room by dropping heads that no running sequence shares, idle ones first. False, and nothing is dropped, when that can't be enough.
    /// </summary>
    public bool MakeRoom(int cells, Prefix? except)
    {
        if (except is not null)
            except.Pins++;
        if (cells <= ledger.Free + UnpinnedCells())
        {
            while (!ledger.Fits(cells) && (DropOldest(idleOnly: true) || DropOldest(idleOnly: false)))
            {
            }
        }
        if (except is not null)
            except.Pins--;
        return ledger.Fits(cells);
    }

    public void Clear()
    {
        while (DropOldest(idleOnly: false))
        {
        }
    }

    private void Keep(int[] tokens, Sequence source, Sequence? beside)
    {
        var common = source.Tokens[..source.Computed].CommonPrefixLength(tokens);
        if (tokens.Length < Shortest || Find([.. tokens, -1], out var known) is not null && known == tokens.Length)
            return;
        if (_prefixes.Count >= _most && !DropOldest(idleOnly: true))
            return;
        if (!ledger.Fits(tokens.Length))
            return;
        var prefix = new Prefix(tokens) { Beside = beside, Used = ++_clock };
        ledger.Reserve(prefix, tokens.Length);
        Cells += tokens.Length;
        if (common > 0)
            runtime.SeqCopy(source.Id, prefix.Id, 0, common);
        prefix.Computed = common;
        _prefixes.Add(prefix);
    }

    private int IdleCells()
    {
        var cells = 0;
        foreach (var prefix in _prefixes)
            cells += prefix.IsIdle ? prefix.Cells : 0;
        return cells;
    }

    private int UnpinnedCells()
    {
        var cells = 0;
        foreach (var prefix in _prefixes)
            cells += prefix.Pins == 0 ? prefix.Cells : 0;
        return cells;
    }

    private bool DropOldest(bool idleOnly)
    {
        Prefix? oldest = null;
        foreach (var prefix in _prefixes)
        {
            if (prefix.Pins == 0 && (!idleOnly || prefix.IsIdle) && (oldest is null || prefix.Used < oldest.Used))
                oldest = prefix;
        }
        if (oldest is null)
            return false;
        runtime.SeqRemove(oldest.Id, 0, -1);
        Cells -= oldest.Cells;
        ledger.Release(oldest);
        _prefixes.Remove(oldest);
        return true;
    }
}
