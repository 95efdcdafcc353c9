using System.Net;

namespace ReasonRank.Client;

/// <summary>The service refused a request, failed at it, or couldn't be reached.</summary>
public sealed class ReasonRankException : Exception
{
    /// <summary>Says that something went wrong.</summary>
    public ReasonRankException()
    {
    }

    /// <param name="message">What went wrong.</param>
    public ReasonRankException(string message)
        : base(message)
    {
    }

    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">Why.</param>
    public ReasonRankException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The answer's status; null when there was no answer.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>The service's stable word for the kind of error, such as <c>invalid_request</c> or <c>overloaded</c>.</summary>
    public string? Type { get; init; }

    /// <summary>The field at fault, such as <c>documents[3].text</c>.</summary>
    public string? Param { get; init; }

    /// <summary>The name of the request in the service's log.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long the service asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
