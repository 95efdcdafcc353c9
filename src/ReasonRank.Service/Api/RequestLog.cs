using ReasonRank.Ranking;

namespace ReasonRank.Service.Api;

/// <summary>Writes one line per request, after it. Only routes, counts and times: what the client wrote stays out, query strings and unknown paths too.</summary>
internal sealed partial class RequestLog(RequestDelegate next, TimeProvider time, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var start = time.GetTimestamp();
        var record = RequestId.Begin(context);
        try
        {
            await next(context);
        }
        finally
        {
            Write(context, record, time.GetElapsedTime(start));
        }
    }

    private void Write(HttpContext context, RequestRecord record, TimeSpan elapsed)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        var status = context.Response.StatusCode;
        if (record is { Result: { } result, Problem: null })
            Ranked(logger, route, status, record, result, elapsed);
        else if (record.Dialect is not null || record.Problem is not null)
            LogRefused(route, status, elapsed.TotalMilliseconds, record.Id, record.Dialect ?? "unknown", record.Problem?.Type ?? "client_gone");
        else
            LogServed(route, status, elapsed.TotalMilliseconds, record.Id);
    }

    private void Ranked(ILogger log, string route, int status, RequestRecord record, RankingResult result, TimeSpan elapsed)
    {
        if (!log.IsEnabled(LogLevel.Information))
            return;
        var (usage, timings) = (result.Usage, result.Timings);
        LogRanked(
            route, status, elapsed.TotalMilliseconds, record.Id, record.Dialect ?? "", result.Status, result.Order.Count, result.Windows.Count, result.WindowsTotal,
            usage.PromptTokens, usage.CompletionTokens, usage.ReasoningTokens,
            timings.Queue.TotalMilliseconds, timings.Prefill.TotalMilliseconds, timings.Decode.TotalMilliseconds, result.IsCached);
    }

    [LoggerMessage(LogLevel.Information, "{Route} {Status} in {TotalMs:F0} ms, request {RequestId}, {Dialect}: {Outcome}, {Documents} documents, windows {WindowsDone}/{WindowsTotal}, "
        + "tokens {PromptTokens} prompt {CompletionTokens} completion {ReasoningTokens} reasoning, ms {QueueMs:F0} queue {PrefillMs:F0} prefill {DecodeMs:F0} decode, cached {Cached}")]
    private partial void LogRanked(
        string route, int status, double totalMs, string requestId, string dialect, RankingStatus outcome, int documents, int windowsDone, int windowsTotal,
        int promptTokens, int completionTokens, int reasoningTokens, double queueMs, double prefillMs, double decodeMs, bool cached);

    [LoggerMessage(LogLevel.Information, "{Route} {Status} in {TotalMs:F0} ms, request {RequestId}, {Dialect}: {Problem}")]
    private partial void LogRefused(string route, int status, double totalMs, string requestId, string dialect, string problem);

    [LoggerMessage(LogLevel.Debug, "{Route} {Status} in {TotalMs:F0} ms, request {RequestId}")]
    private partial void LogServed(string route, int status, double totalMs, string requestId);
}
