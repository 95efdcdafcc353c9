using System.Net;

namespace ReasonRank.Client;

/// <summary>Decides whether and when to ask again. Knows no clock.</summary>
internal static class RetryPolicy
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.5);

    /// <summary>The wait before the next attempt, or null when there should be none.</summary>
    /// <param name="attempt">Attempts made, from 1.</param>
    /// <param name="jitter">0 to 1. It spreads clients that were refused together; nobody asks before the service wants to be asked.</param>
    public static TimeSpan? Wait(ReasonRankException failure, int attempt, ReasonRankClientOptions options, double jitter)
    {
        if (attempt >= options.MaxAttempts || failure.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            return null;
        if (failure.RetryAfter is not { } told)
            return Least(FirstWait * Math.Pow(2, Math.Min(attempt - 1, 30)) * (0.5 + (jitter / 2)), options.MaxRetryWait);
        return told > options.MaxRetryWait ? null : Least(told + (told * (jitter / 4)), options.MaxRetryWait);
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
