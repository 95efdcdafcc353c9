using ReasonRank.Diagnostics;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Diagnostics;

public class ReasonRankTelemetryTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Every_event_reaches_its_instruments()
    {
        using var telemetry = new ReasonRankTelemetry();
        using var probe = new MetricProbe(telemetry);

        telemetry.RequestQueued();
        telemetry.RequestLeftQueue(2 * Second);
        telemetry.RequestAdmitted();
        telemetry.WindowRanked(Second, "ok", "stop");
        telemetry.TokensUsed(prompt: 100, reusedPrompt: 30, reasoning: 20, answer: 5);
        telemetry.DeadlineHit();
        telemetry.RequestReleased();
        telemetry.RequestRefused("queue_full");
        telemetry.CacheLookedUp("miss");
        telemetry.RequestFinished("complete", 3 * Second);

        Measured[] expected =
        [
            new("reasonrank.queue.length", "{request}", 1, ""),
            new("reasonrank.queue.length", "{request}", -1, ""),
            new("reasonrank.queue.duration", "s", 2, ""),
            new("reasonrank.requests.active", "{request}", 1, ""),
            new("reasonrank.windows", "{window}", 1, "status=ok,finish=stop"),
            new("reasonrank.window.duration", "s", 1, ""),
            new("reasonrank.tokens", "{token}", 70, "kind=prompt"),
            new("reasonrank.tokens", "{token}", 30, "kind=reused_prompt"),
            new("reasonrank.tokens", "{token}", 20, "kind=reasoning"),
            new("reasonrank.tokens", "{token}", 5, "kind=answer"),
            new("reasonrank.deadline.hits", "{request}", 1, ""),
            new("reasonrank.requests.active", "{request}", -1, ""),
            new("reasonrank.requests.refused", "{request}", 1, "reason=queue_full"),
            new("reasonrank.cache.lookups", "{lookup}", 1, "outcome=miss"),
            new("reasonrank.requests", "{request}", 1, "status=complete"),
            new("reasonrank.request.duration", "s", 3, "status=complete"),
        ];
        Assert.Equal(expected, probe.Values);
    }

    [Fact]
    public void Two_telemetry_objects_do_not_mix()
    {
        using var one = new ReasonRankTelemetry();
        using var other = new ReasonRankTelemetry();
        using var probe = new MetricProbe(one);

        other.DeadlineHit();

        Assert.Empty(probe.Values);
    }
}
