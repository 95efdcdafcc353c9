using ReasonRank.Ranking;

namespace ReasonRank.Tests.Ranking;

public class AdmissionQueueTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Requests_are_admitted_while_there_are_places()
    {
        var queue = Queue(slots: 2);

        Assert.IsType<Admission.Admitted>(queue.Offer(Ticket("a"), default));
        Assert.IsType<Admission.Admitted>(queue.Offer(Ticket("a"), default));
        Assert.Equal(0, Assert.IsType<Admission.Waiting>(queue.Offer(Ticket("a"), default)).Ahead);
    }

    [Fact]
    public void A_lower_priority_goes_first_among_the_clients_own_and_before_nobody_elses()
    {
        var queue = Queue(slots: 1);
        var running = Ticket("a");
        queue.Offer(running, default);
        var (b1, a1, a2, urgent, a3) = (Ticket("b"), Ticket("a"), Ticket("a"), Ticket("a"), Ticket("a"));
        urgent.Priority = -1;
        a3.Priority = 1;
        foreach (var ticket in new[] { b1, a1, a2, a3 })
            queue.Offer(ticket, default);

        var ahead = Assert.IsType<Admission.Waiting>(queue.Offer(urgent, default)).Ahead;

        Assert.Equal(1, ahead);
        Assert.Equal([b1, urgent, a1, a2, a3], Drain(queue, running));
    }

    [Fact]
    public void Clients_take_turns_and_each_keeps_its_own_order()
    {
        var queue = Queue(slots: 1);
        var running = Ticket("a");
        queue.Offer(running, default);
        var (a1, a2, a3, b1, c1) = (Ticket("a"), Ticket("a"), Ticket("a"), Ticket("b"), Ticket("c"));
        foreach (var ticket in new[] { a1, a2, a3, b1, c1 })
            queue.Offer(ticket, default);

        Assert.Equal([a1, b1, c1, a2, a3], Drain(queue, running));
    }

    [Fact]
    public void Nobody_waits_for_another_clients_whole_backlog()
    {
        var queue = Queue(slots: 1);
        for (var i = 0; i < 50; i++)
            queue.Offer(Ticket("crowd"), default);

        var admission = queue.Offer(Ticket("newcomer"), default);

        Assert.Equal(1, Assert.IsType<Admission.Waiting>(admission).Ahead);
    }

    [Fact]
    public void No_client_gets_ahead_of_another_that_is_waiting()
    {
        var queue = Queue(slots: 1, maxWaiting: 1_000);
        var random = new Random(7);
        var running = Ticket("first");
        queue.Offer(running, default);
        for (var i = 0; i < 300; i++)
            queue.Offer(Ticket($"client {random.Next(1, 7) * random.Next(1, 3)}"), default);

        var left = Drain(queue, running).Select(ticket => ticket.Client).ToList();
        var served = left.Distinct().ToDictionary(client => client, _ => 0);
        while (left.Count > 0)
        {
            served[left[0]]++;
            left.RemoveAt(0);
            var turns = left.Distinct().Select(client => served[client]).ToArray();
            Assert.InRange(turns.DefaultIfEmpty().Max() - turns.DefaultIfEmpty().Min(), 0, 1);
        }
    }

    [Fact]
    public void A_full_queue_refuses_the_client_that_filled_it()
    {
        var queue = Queue(slots: 1, maxWaiting: 2);
        for (var i = 0; i < 3; i++)
            queue.Offer(Ticket("a"), default);

        Assert.Equal(Refusal.QueueFull, Assert.IsType<Admission.Refused>(queue.Offer(Ticket("a"), default)).Reason);
        Assert.Equal(2, queue.Waiting);
    }

    [Fact]
    public void A_full_queue_makes_room_for_a_client_with_less_waiting()
    {
        var queue = Queue(slots: 1, maxWaiting: 2);
        queue.Offer(Ticket("a"), default);
        queue.Offer(Ticket("a"), default);
        var newest = Ticket("a");
        queue.Offer(newest, default);

        var admission = Assert.IsType<Admission.Waiting>(queue.Offer(Ticket("b"), default));

        Assert.Same(newest, admission.Displaced);
        Assert.Equal(2, queue.Waiting);
    }

    [Fact]
    public void A_wait_that_grows_too_long_is_refused_until_it_is_short_again()
    {
        var queue = Queue(slots: 2, maxWait: 10 * Second);
        var running = Ticket("a", work: 20 * Second);
        queue.Offer(running, default);
        queue.Offer(Ticket("b", work: 20 * Second), default);

        // 40 s of work on two places: a wait of 20 s at first, of 10 s later.
        Assert.Equal(Refusal.WaitTooLong, Assert.IsType<Admission.Refused>(queue.Offer(Ticket("c"), default)).Reason);
        Assert.IsType<Admission.Waiting>(queue.Offer(Ticket("c"), 10 * Second));
    }

    [Fact]
    public void A_request_whose_deadline_the_wait_would_eat_is_refused()
    {
        var queue = Queue(slots: 1);
        queue.Offer(Ticket("a", work: 8 * Second), default);

        Assert.IsType<Admission.Waiting>(queue.Offer(Ticket("b", patience: 8 * Second), default));
        Assert.Equal(
            Refusal.DeadlineUnreachable, Assert.IsType<Admission.Refused>(queue.Offer(Ticket("b", patience: 7 * Second), default)).Reason);
    }

    [Fact]
    public void Refused_clients_are_called_back_one_by_one()
    {
        var queue = Queue(slots: 1, maxWait: Second);
        queue.Offer(Ticket("a", work: 5 * Second), default);

        var retries = Enumerable.Range(0, 3)
            .Select(i => Assert.IsType<Admission.Refused>(queue.Offer(Ticket($"client {i}", work: 2 * Second), default)).RetryAfter);

        // Room in 4 s, and then one client every 2 s.
        Assert.Equal([6 * Second, 8 * Second, 10 * Second], retries);
    }

    [Fact]
    public void No_client_is_sent_away_for_longer_than_the_limit()
    {
        var queue = Queue(slots: 1, maxWait: Second);
        queue.Offer(Ticket("a", work: 500 * Second), default);

        Assert.Equal(60 * Second, Assert.IsType<Admission.Refused>(queue.Offer(Ticket("b"), default)).RetryAfter);
    }

    [Fact]
    public void Whoever_gives_up_waiting_takes_no_place()
    {
        var queue = Queue(slots: 1);
        var (running, leaver, last) = (Ticket("a"), Ticket("b"), Ticket("c"));
        foreach (var ticket in new[] { running, leaver, last })
            queue.Offer(ticket, default);

        Assert.Empty(queue.Leave(leaver, default));

        Assert.Equal([last], queue.Leave(running, default));
        Assert.Empty(queue.Leave(last, default));
        Assert.Equal((0, 0), (queue.Active, queue.Waiting));
    }

    private static AdmissionQueue Queue(int slots, int maxWaiting = 100, TimeSpan? maxWait = null) =>
        new(slots, maxWaiting, maxWait ?? TimeSpan.FromHours(1), maxRetryAfter: 60 * Second);

    private static RankingTicket Ticket(string client, TimeSpan? work = null, TimeSpan? patience = null) =>
        new(client, work ?? TimeSpan.Zero, patience);

    private static List<RankingTicket> Drain(AdmissionQueue queue, RankingTicket running)
    {
        var order = new List<RankingTicket>();
        while (queue.Leave(running, default) is [var next])
            order.Add(running = next);
        return order;
    }
}
