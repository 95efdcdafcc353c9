using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ReasonRank.Client;

/// <summary>Reads what a failed request was answered.</summary>
internal static class ErrorBody
{
    private const int MaxTextLength = 500;

    /// <summary>The answer as an exception, whatever its body is: something between here and the service may have written it.</summary>
    /// <param name="now">For a Retry-After that is a date.</param>
    public static async Task<ReasonRankException> ReadAsync(HttpResponseMessage response, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        return Problem(text) is { } problem
            ? Of(problem, response, now)
            : new ReasonRankException($"The service answered {(int)response.StatusCode}: {Cut(text.Trim())}")
            {
                StatusCode = response.StatusCode,
                RequestId = RequestId(response.Headers),
                RetryAfter = RetryAfter(response.Headers, now),
            };
    }

    /// <summary>An error told within a stream.</summary>
    public static ReasonRankException OfEvent(string data, HttpResponseMessage response) =>
        Problem(data) is { } problem
            ? Of(problem, response, default)
            : new ReasonRankException($"The service failed: {Cut(data)}") { RequestId = RequestId(response.Headers) };

    private static ReasonRankException Of(ProblemBody problem, HttpResponseMessage response, DateTimeOffset now) =>
        new(problem.Message ?? problem.Error?.Message ?? $"The service answered {(int)response.StatusCode}.")
        {
            StatusCode = problem.Error?.Code is { } code ? (HttpStatusCode)code : response.StatusCode,
            Type = problem.Error?.Type,
            Param = problem.Error?.Param,
            RequestId = problem.Id ?? RequestId(response.Headers),
            RetryAfter = RetryAfter(response.Headers, now),
        };

    private static ProblemBody? Problem(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ReasonRankJson.Default.ProblemBody);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>In milliseconds where the service says it so exactly.</summary>
    private static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (headers.TryGetValues("retry-after-ms", out var values)
            && double.TryParse(values.First(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds < int.MaxValue)
            return TimeSpan.FromMilliseconds(milliseconds);
        return headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
            _ => null,
        };
    }

    private static string? RequestId(HttpResponseHeaders headers) =>
        headers.TryGetValues("X-Request-Id", out var values) ? values.First() : null;

    private static string Cut(string text) => text.Length <= MaxTextLength ? text : text[..MaxTextLength] + "...";
}

/// <summary>The service's body for errors, as far as it's read.</summary>
internal sealed record ProblemBody(string? Message = null, ProblemError? Error = null, string? Id = null);

internal sealed record ProblemError(string? Message = null, string? Type = null, string? Param = null, int? Code = null);
