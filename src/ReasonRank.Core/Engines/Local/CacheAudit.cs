namespace ReasonRank.Engines.Local;

/// <summary>Compares the books of an idle engine with what its runtime really holds: a leak is found seconds after it happened.</summary>
internal static class CacheAudit
{
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public static void Check(IModelRuntime runtime, KvLedger ledger, PrefixCache prefixes)
    {
        if (ledger.Reserved != prefixes.Cells || ledger.Ids - ledger.FreeIds != prefixes.All.Count)
        {
            throw new InvalidOperationException(
                $"Cache leak: {ledger}, of which {prefixes.Cells} cells and {prefixes.All.Count} ids belong to kept prefixes. This is a bug.");
        }
        for (var id = 0; id < ledger.Ids; id++)
        {
            var last = Computed(prefixes, id) - 1;
            if (runtime.SeqMaxPos(id) != last)
                throw new InvalidOperationException($"Cache leak: sequence {id} holds positions up to {runtime.SeqMaxPos(id)}, {last} expected. This is a bug.");
        }
    }

    private static int Computed(PrefixCache prefixes, int id)
    {
        foreach (var prefix in prefixes.All)
        {
            if (prefix.Id == id)
                return prefix.Computed;
        }
        return 0;
    }
}
