using System.Threading.Channels;

namespace ReasonRank.TestSupport;

/// <summary>Holds whoever comes until a test lets them through.</summary>
internal sealed class FakeGate
{
    private readonly Channel<bool> _arrivals = Channel.CreateUnbounded<bool>();
    private readonly Channel<bool> _passes = Channel.CreateUnbounded<bool>();

    /// <summary>Completes when one more has arrived.</summary>
    public Task ArrivalAsync() => _arrivals.Reader.ReadAsync().AsTask().WaitAsync(TestTimeouts.Patience);

    /// <summary>Lets the next ones through, whether they have arrived or not.</summary>
    public void Open(int count = 1)
    {
        for (var i = 0; i < count; i++)
            _passes.Writer.TryWrite(true);
    }

    /// <summary>Waits to be let through.</summary>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        _arrivals.Writer.TryWrite(true);
        await _passes.Reader.ReadAsync(cancellationToken);
    }
}
