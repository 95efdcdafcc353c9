using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

public sealed class CacheAuditTests : IDisposable
{
    private readonly ScriptedRuntime _runtime = new();
    private readonly KvLedger _ledger = new(total: 4096, ids: 4);
    private readonly PrefixCache _prefixes;

    public CacheAuditTests() => _prefixes = new PrefixCache(_runtime, _ledger, new EngineOptions { Parallel = 2 });

    public void Dispose() => _runtime.Dispose();

    [Fact]
    public void Empty_books_of_an_empty_cache_are_in_order()
    {
        CacheAudit.Check(_runtime, _ledger, _prefixes);
    }

    [Fact]
    public void A_promise_that_nobody_holds_is_a_leak()
    {
        _ledger.Reserve(new Prefix([1, 2]), 2);

        var leak = Assert.Throws<InvalidOperationException>(() => CacheAudit.Check(_runtime, _ledger, _prefixes));

        Assert.Contains("2 of 4096 cells", leak.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_that_nobody_holds_is_a_leak()
    {
        _ledger.Reserve(new Prefix([]), 0);

        Assert.Throws<InvalidOperationException>(() => CacheAudit.Check(_runtime, _ledger, _prefixes));
    }

    [Fact]
    public void Cells_that_the_books_dont_know_are_a_leak()
    {
        var batch = new TokenBatch(1);
        batch.Add(token: 65, position: 0, sequence: 3, wantsLogits: false);
        _runtime.Decode(batch);

        var leak = Assert.Throws<InvalidOperationException>(() => CacheAudit.Check(_runtime, _ledger, _prefixes));

        Assert.Contains("sequence 3", leak.Message, StringComparison.Ordinal);
    }
}
