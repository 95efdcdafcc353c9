namespace ReasonRank.Client;

/// <summary>Where the service is and how patient to be with it.</summary>
public sealed class ReasonRankClientOptions
{
    /// <summary>The service's address, such as <c>http://localhost:8080</c>; a path is kept: <c>/rerank</c> is added to it. Required.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>Sent as a bearer token; null sends none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How often a request is sent at most while the service answers 429 or 503; 1 or more. Default 4.</summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>The longest wait between two attempts. A service that asks for more gets no further attempt. Default 1 minute.</summary>
    public TimeSpan MaxRetryWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long one attempt may take: until the answer is there, or for a stream until it begins. Default 10 minutes.
    /// A deadline that still gives a ranking is <see cref="RerankRequest.Timeout"/>.
    /// </summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal void Validate()
    {
        if (BaseAddress is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            throw new ArgumentException($"{nameof(BaseAddress)} must be an absolute http or https address.");
        if (MaxAttempts < 1)
            throw new ArgumentException($"{nameof(MaxAttempts)} must be 1 or more.");
        if (MaxRetryWait < TimeSpan.Zero)
            throw new ArgumentException($"{nameof(MaxRetryWait)} must not be negative.");
        if (AttemptTimeout <= TimeSpan.Zero && AttemptTimeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentException($"{nameof(AttemptTimeout)} must be positive or infinite.");
    }
}
