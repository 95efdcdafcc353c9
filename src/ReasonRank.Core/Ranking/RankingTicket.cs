namespace ReasonRank.Ranking;

/// <summary>A request at the gate.</summary>
/// <param name="client">Who asks: the unit of fairness.</param>
/// <param name="work">How long it will probably hold its place; zero when nothing has been measured yet.</param>
/// <param name="patience">The longest wait after which its deadline can still be met; null when it has none.</param>
internal sealed class RankingTicket(string client, TimeSpan work, TimeSpan? patience)
{
    public string Client { get; } = client;

    /// <summary>Lower goes first among the client's own.</summary>
    public int Priority { get; set; }

    public TimeSpan Work { get; } = work;

    public TimeSpan? Patience { get; } = patience;

    /// <summary>When it was admitted, on the queue's time axis.</summary>
    public TimeSpan AdmittedAt { get; set; }
}

/// <summary>Why a request was refused; the names are metric tags.</summary>
internal enum Refusal
{
    QueueFull,
    WaitTooLong,
    DeadlineUnreachable,
}

/// <summary>What happens to a ticket that was offered.</summary>
internal abstract record Admission
{
    /// <summary>It may start.</summary>
    public sealed record Admitted : Admission;

    /// <summary>It waits behind <paramref name="Ahead"/> others; <paramref name="Displaced"/> has to leave for it.</summary>
    public sealed record Waiting(int Ahead, RankingTicket? Displaced, Refused? DisplacedBy) : Admission;

    /// <summary>It may come again after <paramref name="RetryAfter"/>, not yet rounded.</summary>
    public sealed record Refused(Refusal Reason, TimeSpan RetryAfter) : Admission;
}
