namespace ReasonRank.Service.Api;

/// <summary>Why a request got no answer, before any dialect gives it a body.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">A stable word for programs: <c>invalid_request</c>, <c>overloaded</c>, ...</param>
/// <param name="Message">For people; holds no user text.</param>
/// <param name="Field">The field at fault, as the client wrote it.</param>
/// <param name="RetryAfter">When asking again makes sense.</param>
internal sealed record Problem(int Status, string Type, string Message, string? Field = null, TimeSpan? RetryAfter = null)
{
    /// <summary>There was nothing to rank; TEI has a word for it.</summary>
    public bool IsEmpty { get; init; }
}
