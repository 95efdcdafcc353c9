using ReasonRank.Diagnostics;
using ReasonRank.Ranking;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Ranking;

public sealed class RankingGateTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTimeProvider _clock = new();
    private readonly ReasonRankTelemetry _telemetry = new();
    private readonly MetricProbe _probe;

    public RankingGateTests() => _probe = new MetricProbe(_telemetry);

    public void Dispose()
    {
        _probe.Dispose();
        _telemetry.Dispose();
    }

    [Fact]
    public async Task A_request_waits_until_another_leaves()
    {
        var gate = Gate();
        var ahead = -1;
        var first = await gate.EnterAsync(Ticket(), null, CancellationToken.None);

        var second = gate.EnterAsync(Ticket(), count => ahead = count, CancellationToken.None);

        Assert.False(second.IsCompleted);
        Assert.Equal(0, ahead);
        _clock.Advance(3 * Second);
        first.Dispose();
        using var place = await second.WaitAsync(TestTimeouts.Patience);
        Assert.Equal(1, gate.Active);
        Assert.Equal(3, _probe.Sum("reasonrank.queue.duration"));
        Assert.Equal(0, _probe.Sum("reasonrank.queue.length"));
    }

    [Fact]
    public async Task Leaving_twice_frees_one_place()
    {
        var gate = Gate();
        var first = await gate.EnterAsync(Ticket(), null, CancellationToken.None);
        using var leaving = new CancellationTokenSource();
        var second = gate.EnterAsync(Ticket(), null, CancellationToken.None);
        var third = gate.EnterAsync(Ticket(), null, leaving.Token);

        first.Dispose();
        first.Dispose();

        await second.WaitAsync(TestTimeouts.Patience);
        Assert.False(third.IsCompleted);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        Assert.Equal(1, _probe.Sum("reasonrank.requests.active"));
    }

    [Fact]
    public async Task A_client_that_leaves_the_queue_is_forgotten()
    {
        var gate = Gate();
        var first = await gate.EnterAsync(Ticket(), null, CancellationToken.None);
        using var leaving = new CancellationTokenSource();
        var second = gate.EnterAsync(Ticket(), null, leaving.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();
        Assert.Equal(0, gate.Active);
        Assert.Equal(0, _probe.Sum("reasonrank.queue.length"));
    }

    [Fact]
    public async Task A_refused_client_is_told_whole_seconds()
    {
        var gate = Gate(maxWaiting: 0);
        using var first = await gate.EnterAsync(Ticket(2.5), null, CancellationToken.None);

        var refusal = await Assert.ThrowsAsync<OverloadedException>(() => gate.EnterAsync(Ticket(2.5), null, CancellationToken.None));

        // 2.5 s of work, half of the 10% jitter, rounded up.
        Assert.Equal(3 * Second, refusal.RetryAfter);
        Assert.Equal(1, _probe.Sum("reasonrank.requests.refused", "reason=queue_full"));
    }

    [Fact]
    public async Task A_displaced_request_is_refused_while_it_waits()
    {
        var gate = Gate(maxWaiting: 2);
        using var running = await gate.EnterAsync(Ticket(), null, CancellationToken.None);
        var waiting = gate.EnterAsync(Ticket(), null, CancellationToken.None);
        var newest = gate.EnterAsync(Ticket(), null, CancellationToken.None);

        var newcomer = gate.EnterAsync(new RankingTicket("other", default, null), null, CancellationToken.None);

        Assert.Equal(2 * Second, (await Assert.ThrowsAsync<OverloadedException>(() => newest)).RetryAfter);
        Assert.False(waiting.IsCompleted || newcomer.IsCompleted);
    }

    private static RankingTicket Ticket(double work = 0) => new("client", TimeSpan.FromSeconds(work), null);

    private RankingGate Gate(int maxWaiting = 10) => new(
        new AdmissionQueue(slots: 1, maxWaiting, maxWait: 100 * Second, maxRetryAfter: 60 * Second), _clock, _telemetry, jitter: () => 0.5);
}
