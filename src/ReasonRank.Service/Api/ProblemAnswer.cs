using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using ReasonRank.Service.Api.Dialects;

namespace ReasonRank.Service.Api;

/// <summary>Sends a problem in a dialect's shape.</summary>
internal static class ProblemAnswer
{
    public static Task SendAsync(HttpContext context, IDialect dialect, Problem problem)
    {
        var record = RequestRecord.Of(context);
        record.Problem = problem;
        if (problem.RetryAfter is { } wait)
        {
            var seconds = Math.Max(1, Math.Ceiling(wait.TotalSeconds));
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["retry-after-ms"] = Math.Max(1, Math.Ceiling(wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
        }

        return JsonAnswer.SendAsync(context.Response, dialect.StatusOf(problem), json => dialect.WriteProblem(json, problem, record.Id), context.RequestAborted);
    }

    /// <summary>Gives the bare statuses of routing a body.</summary>
    public static Task SendStatusAsync(StatusCodeContext status)
    {
        var context = status.HttpContext;
        return SendAsync(context, DialectChoice.Default, Problems.OfStatus(context.Response.StatusCode, context.Request.Path));
    }

    /// <summary>Answers for exceptions that nobody expected.</summary>
    public static Task SendUnexpectedAsync(HttpContext context)
    {
        var failure = context.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error;
        return SendAsync(context, DialectChoice.Default, Problems.Of(failure));
    }
}
