using ReasonRank.Engines;
using ReasonRank.Ranking;
using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Api;

/// <summary>The one table from what went wrong to a status: nothing else in the service knows status codes of failures.</summary>
internal static class Problems
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public static Problem Unauthorized { get; } = new(
        StatusCodes.Status401Unauthorized, "unauthorized", "A valid API key is needed: Authorization: Bearer KEY, x-api-key or api-key.");

    public static Problem TooMany(TimeSpan wait) =>
        new(StatusCodes.Status429TooManyRequests, "rate_limited", "Too many requests with this key in the last minute.", RetryAfter: wait);

    public static Problem NotReady(string reason) =>
        new(StatusCodes.Status503ServiceUnavailable, "unavailable", reason, RetryAfter: Soon);

    /// <summary>Failures that are part of the contract, not bugs.</summary>
    public static bool IsKnown(Exception failure) =>
        failure is RequestException or RankingException or EngineException or OperationCanceledException or BadHttpRequestException;

    public static Problem Of(Exception failure) => failure switch
    {
        RequestException e => new Problem(StatusOf(e.Fault), "invalid_request", e.Message, e.Field) { IsEmpty = e.Fault == RequestFault.Empty },
        InvalidRequestException e => new Problem(StatusCodes.Status422UnprocessableEntity, "invalid_request", e.Message, e.Field),
        PromptTooLongException e => new Problem(StatusCodes.Status422UnprocessableEntity, "context_exceeded", e.Message, e.Field),
        OverloadedException e => new Problem(StatusCodes.Status429TooManyRequests, "overloaded", e.Message, RetryAfter: e.RetryAfter),
        DeadlineExceededException e => new Problem(StatusCodes.Status504GatewayTimeout, "deadline_exceeded", e.Message, "timeout_ms"),
        EngineUnavailableException e => NotReady(e.Message),
        EngineException e => new Problem(StatusCodes.Status500InternalServerError, "engine_failure", e.Message),
        OperationCanceledException => NotReady("The service is stopping."),
        BadHttpRequestException e => new Problem(e.StatusCode, "invalid_request", "The request could not be read.", "body"),
        _ => new Problem(StatusCodes.Status500InternalServerError, "internal_error", "An unexpected error occurred."),
    };

    /// <summary>A status that routing or a limit produced by itself.</summary>
    public static Problem OfStatus(int status, string path) => status switch
    {
        StatusCodes.Status404NotFound => new Problem(status, "not_found", NotFound(path)),
        StatusCodes.Status405MethodNotAllowed => new Problem(status, "method_not_allowed", $"The method is not allowed here. {Routes.Known}"),
        _ => new Problem(status, "invalid_request", $"The request was refused with status {status}."),
    };

    private static string NotFound(string path) => path.StartsWith("/v1/v1/", StringComparison.Ordinal)
        ? $"The path has /v1 twice: leave it out of the base URL. {Routes.Known}"
        : $"There is nothing at this path. {Routes.Known}";

    private static int StatusOf(RequestFault fault) => fault switch
    {
        RequestFault.Field => StatusCodes.Status422UnprocessableEntity,
        RequestFault.TooLarge => StatusCodes.Status413PayloadTooLarge,
        RequestFault.MediaType => StatusCodes.Status415UnsupportedMediaType,
        _ => StatusCodes.Status400BadRequest,
    };
}
