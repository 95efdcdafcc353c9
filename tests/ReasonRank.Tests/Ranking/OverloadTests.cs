using ReasonRank.Ranking;

namespace ReasonRank.Tests.Ranking;

/// <summary>
/// Ten times more work than there is room for arrives for a minute, and whoever is refused obeys Retry-After. Simulated event by
/// event on the decisions alone: 4 places, 2 s of work a request, so 2 requests a second are served.
/// </summary>
public class OverloadTests
{
    private const int Slots = 4;
    private const double Work = 2;
    private const double Burst = 60;
    private const int Requests = 1_200;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_200)]
    public void After_a_burst_everyone_who_obeys_gets_in_at_the_first_or_second_retry(int clients)
    {
        var simulation = Simulate(clients);

        // The retry after the burst is refused once at most.
        Assert.All(simulation.RefusedAfterBurst, times => Assert.InRange(times, 0, 1));
    }

    [Fact]
    public void The_engine_is_kept_busy_meanwhile()
    {
        var simulation = Simulate(clients: 50);

        Assert.InRange(simulation.ServedInBurst * Work / (Slots * Burst), 0.95, 1);
        Assert.True(simulation.LongestQueue <= 256);
    }

    private static (int[] RefusedAfterBurst, int ServedInBurst, int LongestQueue) Simulate(int clients)
    {
        var queue = new AdmissionQueue(Slots, maxWaiting: 256, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10));
        var random = new Random(clients);
        var refusedAfterBurst = new int[Requests];
        var events = new PriorityQueue<(RankingTicket? Done, int Request), double>();
        for (var i = 0; i < Requests; i++)
            events.Enqueue((null, i), Burst * i / Requests);
        var (served, longest) = (0, 0);
        var owners = new Dictionary<RankingTicket, int>();
        while (events.TryDequeue(out var next, out var now))
        {
            if (next.Done is { } done)
            {
                served += now <= Burst ? 1 : 0;
                foreach (var admitted in queue.Leave(done, TimeSpan.FromSeconds(now)))
                    events.Enqueue((admitted, 0), now + Work);
                continue;
            }

            var ticket = new RankingTicket($"client {next.Request % clients}", TimeSpan.FromSeconds(Work), patience: null);
            owners.Add(ticket, next.Request);
            var admission = queue.Offer(ticket, TimeSpan.FromSeconds(now));
            longest = Math.Max(longest, queue.Waiting);
            if (admission is Admission.Admitted)
                events.Enqueue((ticket, 0), now + Work);
            if (admission is Admission.Refused refused)
                Retry(next.Request, refused, now);
            if (admission is Admission.Waiting { Displaced: { } loser, DisplacedBy: { } refusal })
                Retry(owners[loser], refusal, now);
        }

        return (refusedAfterBurst, served, longest);

        void Retry(int request, Admission.Refused refused, double now)
        {
            refusedAfterBurst[request] += now > Burst ? 1 : 0;
            events.Enqueue((null, request), now + Math.Ceiling(Math.Max(1, refused.RetryAfter.TotalSeconds) * (1 + (0.1 * random.NextDouble()))));
        }
    }
}
