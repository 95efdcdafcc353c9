using ReasonRank.Engines;
using ReasonRank.Ranking;
using ReasonRank.Service.Api.Dialects;
using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Api;

/// <summary>One request from its body to its answer: read, rank, write.</summary>
internal sealed class RerankHandler(Serving serving, CallReader reader, LimitOptions limits, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        var record = RequestRecord.Of(context);
        var dialect = DialectChoice.Default;
        try
        {
            using var body = await RequestBody.ReadAsync(context.Request, limits.MaxBodyBytes, context.RequestAborted);
            dialect = DialectChoice.Of(body.Fields, context.Request.Headers);
            record.Dialect = dialect.Name;
            if (body.Fault is not null)
                throw body.Fault;
            var call = dialect.Read(body.Fields, reader);

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, serving.DrainEnded);
            record.Result = await serving.Reranker.RankAsync(call.Ranking, null, stop.Token);
            var answer = new Answer(record.AnswerId, time.GetUtcNow(), call, record.Result);
            await JsonAnswer.SendAsync(context.Response, StatusCodes.Status200OK, json => dialect.WriteAnswer(json, answer), context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e) when (e is RequestException or RankingException or EngineException or OperationCanceledException or BadHttpRequestException)
        {
            await ProblemAnswer.SendAsync(context, dialect, Problems.Of(e));
        }
    }
}
