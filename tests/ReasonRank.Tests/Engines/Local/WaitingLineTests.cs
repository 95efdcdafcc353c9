using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

public sealed class WaitingLineTests : IDisposable
{
    private readonly ScriptedRuntime _runtime = new(poolCells: 400);
    private readonly KvLedger _ledger = new(total: 400, ids: 4);
    private readonly PrefixCache _prefixes;
    private readonly WaitingLine _line;

    public WaitingLineTests()
    {
        _prefixes = new PrefixCache(_runtime, _ledger, new EngineOptions { Parallel = 2, IdlePrefixShare = 1 });
        _line = new WaitingLine(_ledger, _prefixes, sharePrefixes: true);
    }

    public void Dispose() => _runtime.Dispose();

    [Fact]
    public void Sequences_start_in_order_of_arrival_when_all_they_can_fill_is_free()
    {
        var (first, large, small) = (Sequence(prompt: 20), Sequence(prompt: 300), Sequence(prompt: 10));
        foreach (var sequence in new[] { first, large, small })
            _line.Add(sequence);
        _line.Receive();

        Assert.Same(first, _line.Admit(alone: true));
        Assert.Null(_line.Admit(alone: false));
        Assert.Equal((2, first.Need), (_line.Count, _ledger.Reserved));
        _ledger.Release(first);
        Assert.Same(large, _line.Admit(alone: true));
        Assert.Equal(1, _line.Count);
    }

    [Fact]
    public async Task Who_left_is_told_and_holds_up_nobody()
    {
        var (left, stays) = (Sequence(prompt: 20), Sequence(prompt: 10));
        _line.Add(left);
        _line.Add(stays);
        left.Cancel();

        _line.Receive();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.Done);
        Assert.Same(stays, _line.Admit(alone: true));
        Assert.True(_line.IsEmpty);
    }

    [Fact]
    public void Alone_a_sequence_gets_the_cells_of_heads_too()
    {
        var source = Sequence(prompt: 100);
        _line.Add(source);
        _line.Receive();
        Compute(_line.Admit(alone: true)!);
        _prefixes.Offer(source, systemTokens: 90);
        _runtime.SeqRemove(source.Id, 0, -1);
        _ledger.Release(source);
        var large = Sequence(prompt: 320, common: 50); // what it shares pins more than it saves
        _line.Add(large);
        _line.Receive();

        Assert.Same(large, _line.Admit(alone: true));
        Assert.Empty(_prefixes.All);
    }

    [Fact]
    public async Task Who_breaks_the_engine_while_it_starts_is_told_with_the_others()
    {
        var source = Sequence(prompt: 100);
        _line.Add(source);
        _line.Receive();
        Compute(_line.Admit(alone: true)!);
        _prefixes.Offer(source, systemTokens: 90);
        _runtime.SeqRemove(_prefixes.All[0].Id, 0, -1); // the head is gone: sharing it throws
        var sequence = Sequence(prompt: 100);
        _line.Add(sequence);
        _line.Receive();

        Assert.Throws<InvalidOperationException>(() => _line.Admit(alone: false));
        _line.FailAll(new EngineUnavailableException("broken"));

        await Assert.ThrowsAsync<EngineUnavailableException>(() => sequence.Done.WaitAsync(TestTimeouts.Patience));
    }

    /// <param name="common">Tokens that it begins with as all others do.</param>
    private static Sequence Sequence(int prompt, int common = 100)
    {
        var request = EngineRun.Request("x");
        var tokens = Enumerable.Range(0, prompt).Select(i => i < common ? i : 200).Concat(new int[request.CompletionReserve]);
        return new Sequence([.. tokens], prompt, request, [], submitted: 0);
    }

    private void Compute(Sequence sequence)
    {
        var batch = new TokenBatch(sequence.PromptTokens);
        for (var i = 0; i < sequence.PromptTokens; i++)
            batch.Add(sequence.Tokens[i], i, sequence.Id, wantsLogits: false);
        Assert.Equal(DecodeStatus.Ok, _runtime.Decode(batch));
        sequence.Computed = sequence.PromptTokens;
    }
}
