namespace ReasonRank.Service.Api.Reading;

/// <summary>What is wrong with a request before it reaches the ranking.</summary>
internal enum RequestFault
{
    /// <summary>The body isn't JSON, or not a JSON object.</summary>
    Malformed,

    /// <summary>There is nothing to rank.</summary>
    Empty,

    /// <summary>Two keys that mean the same thing in different dialects.</summary>
    Ambiguous,

    /// <summary>A field breaks a rule.</summary>
    Field,

    /// <summary>The body or the list is over its limit.</summary>
    TooLarge,

    /// <summary>The body isn't declared as JSON.</summary>
    MediaType,
}

/// <summary>A request that can't be read.</summary>
/// <param name="field">The offending field's path on the wire: <c>documents[3].text</c>.</param>
/// <param name="message">Names the field and the rule; holds no value that the client sent.</param>
internal sealed class RequestException(RequestFault fault, string? field, string message) : Exception(message)
{
    public RequestFault Fault { get; } = fault;

    public string? Field { get; } = field;

    /// <summary>A field that breaks a rule: "<paramref name="field"/> <paramref name="rule"/>."</summary>
    public static RequestException Breaks(string field, string rule) => new(RequestFault.Field, field, $"{field} {rule}.");
}
