namespace ReasonRank.Ranking;

/// <summary>
/// Decides who is ranked now, who waits and who is refused. Clients take turns, one request each, in the order in which
/// each sent or prioritized them, so nobody waits for another's whole backlog. A full queue makes room for a client with less waiting
/// at the cost of the one with most. Decisions only: no clock, no locks, no tasks; times lie on one axis that the caller keeps.
/// </summary>
/// <param name="slots">Requests ranked at once.</param>
/// <param name="maxWaiting">Requests waiting at once.</param>
/// <param name="maxWait">The longest expected wait that is still taken on.</param>
/// <param name="maxRetryAfter">The longest time a refused client is told to stay away.</param>
internal sealed class AdmissionQueue(int slots, int maxWaiting, TimeSpan maxWait, TimeSpan maxRetryAfter)
{
    private readonly HashSet<RankingTicket> _active = [];
    private readonly LinkedList<ClientLine> _turns = new();
    private int _waiting;
    private TimeSpan _promised;

    public int Active => _active.Count;

    public int Waiting => _waiting;

    /// <summary>A new ticket arrives at <paramref name="now"/>.</summary>
    public Admission Offer(RankingTicket ticket, TimeSpan now)
    {
        if (_waiting == 0 && _active.Count < slots)
        {
            Admit(ticket, now);
            return new Admission.Admitted();
        }

        var ahead = Ahead(ticket);
        var wait = ExpectedWait(ahead, now);
        if (wait > maxWait)
            return Refuse(ticket, Refusal.WaitTooLong, wait - maxWait, now);
        if (wait > ticket.Patience)
            return Refuse(ticket, Refusal.DeadlineUnreachable, wait - ticket.Patience.Value, now);

        RankingTicket? displaced = null;
        if (_waiting >= maxWaiting)
        {
            displaced = Displace(ticket.Client);
            if (displaced is null)
                return Refuse(ticket, Refusal.QueueFull, TimeSpan.Zero, now);
        }

        LineOf(ticket.Client).Add(ticket);
        _waiting++;
        return new Admission.Waiting(
            ahead.Count, displaced, displaced is null ? null : Refuse(displaced, Refusal.QueueFull, TimeSpan.Zero, now));
    }

    /// <summary>A ticket is done or gives up. Returns those whose turn it is now.</summary>
    public IReadOnlyList<RankingTicket> Leave(RankingTicket ticket, TimeSpan now)
    {
        if (!_active.Remove(ticket))
            RemoveWaiting(ticket);

        var admitted = new List<RankingTicket>();
        while (_active.Count < slots && TakeTurn() is { } next)
        {
            Admit(next, now);
            admitted.Add(next);
        }

        return admitted;
    }

    private void Admit(RankingTicket ticket, TimeSpan now)
    {
        ticket.AdmittedAt = now;
        _active.Add(ticket);
    }

    private RankingTicket? TakeTurn()
    {
        if (_turns.First is not { } turn)
            return null;
        _turns.RemoveFirst();
        var ticket = turn.Value.Tickets.First!.Value;
        turn.Value.Tickets.RemoveFirst();
        if (turn.Value.Tickets.Count > 0)
            _turns.AddLast(turn);
        _waiting--;
        return ticket;
    }

    /// <summary>Those who will be admitted before one more ticket of this client: its own of no lower priority, and as many turns of every other.</summary>
    private List<RankingTicket> Ahead(RankingTicket ticket)
    {
        var own = _turns.FirstOrDefault(line => line.Client == ticket.Client)?.Tickets.Count(other => other.Priority <= ticket.Priority) ?? 0;
        return [.. _turns.SelectMany(line => line.Tickets.Take(line.Client == ticket.Client ? own : own + 1))];
    }

    private TimeSpan ExpectedWait(List<RankingTicket> ahead, TimeSpan now)
    {
        var running = _active.Sum(ticket => Math.Max(0, (ticket.Work - (now - ticket.AdmittedAt)).TotalSeconds));
        return TimeSpan.FromSeconds((running + ahead.Sum(ticket => ticket.Work.TotalSeconds)) / slots);
    }

    /// <summary>
    /// Each refused client is given a later time than the one before, as far apart as its work takes: those who obey come
    /// back one by one and find room, instead of all at once.
    /// </summary>
    private Admission.Refused Refuse(RankingTicket ticket, Refusal reason, TimeSpan untilRoom, TimeSpan now)
    {
        var earliest = now + untilRoom;
        _promised = (_promised > earliest ? _promised : earliest) + ticket.Work / slots;
        if (_promised > now + maxRetryAfter)
            _promised = now + maxRetryAfter;
        return new Admission.Refused(reason, _promised - now);
    }

    /// <summary>Takes the newest ticket of the client with most waiting, if that is fairer than refusing this client.</summary>
    private RankingTicket? Displace(string client)
    {
        var longest = _turns.MaxBy(line => line.Tickets.Count);
        var own = _turns.FirstOrDefault(line => line.Client == client)?.Tickets.Count ?? 0;
        if (longest is null || longest.Tickets.Count <= own + 1)
            return null;
        var displaced = longest.Tickets.Last!.Value;
        RemoveWaiting(displaced);
        return displaced;
    }

    private void RemoveWaiting(RankingTicket ticket)
    {
        var line = _turns.FirstOrDefault(line => line.Client == ticket.Client);
        if (line is null || !line.Tickets.Remove(ticket))
            return;
        _waiting--;
        if (line.Tickets.Count == 0)
            _turns.Remove(line);
    }

    private ClientLine LineOf(string client)
    {
        var line = _turns.FirstOrDefault(line => line.Client == client);
        if (line is null)
            _turns.AddLast(line = new ClientLine(client));
        return line;
    }

    /// <summary>What one client has waiting, by priority and then in its order of arrival; never empty while it has turns.</summary>
    private sealed class ClientLine(string client)
    {
        public string Client { get; } = client;

        public LinkedList<RankingTicket> Tickets { get; } = new();

        public void Add(RankingTicket ticket)
        {
            var before = Tickets.Last;
            while (before?.Value.Priority > ticket.Priority)
                before = before.Previous;
            if (before is null)
                Tickets.AddFirst(ticket);
            else
                Tickets.AddAfter(before, ticket);
        }
    }
}
