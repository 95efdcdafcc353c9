using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

public sealed class RunningSequencesTests : IDisposable
{
    private readonly ScriptedRuntime _runtime = new();
    private readonly KvLedger _ledger = new(total: 4096, ids: 4);
    private readonly RunningSequences _running;

    public RunningSequencesTests() => _running = new RunningSequences(
        _runtime, _ledger, new PrefixCache(_runtime, _ledger, new EngineOptions()), TimeProvider.System);

    public void Dispose() => _runtime.Dispose();

    [Fact]
    public async Task Who_left_gives_back_its_cells_before_it_is_told()
    {
        var (stays, leaves) = (Add(), Add());
        leaves.Cancel();
        var reservedWhenTold = leaves.Done.ContinueWith(
            _ => _ledger.Reserved, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        _running.DropCancelled();

        Assert.True(leaves.Done.IsCanceled);
        Assert.Equal([stays], _running.All);
        Assert.Equal(stays.Cells, await reservedWhenTold);
    }

    [Fact]
    public async Task Who_cant_be_released_is_told_with_the_others()
    {
        var sequence = Add();
        sequence.Id = 99; // no runtime has it
        sequence.Cancel();

        Assert.ThrowsAny<Exception>(_running.DropCancelled);
        _running.FailAll(new EngineUnavailableException("broken"));

        await Assert.ThrowsAsync<EngineUnavailableException>(() => sequence.Done.WaitAsync(TestTimeouts.Patience));
    }

    private Sequence Add()
    {
        var sequence = StepTrace.Sequence(id: -1, prompt: 5, pending: 1, isDecoding: true);
        _ledger.Reserve(sequence, 50);
        _running.Add(sequence);
        return sequence;
    }
}
