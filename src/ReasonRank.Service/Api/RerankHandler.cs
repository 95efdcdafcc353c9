using ReasonRank.Service.Api.Dialects;
using ReasonRank.Service.Api.Reading;
using ReasonRank.Service.Api.Streaming;

namespace ReasonRank.Service.Api;

/// <summary>One request from its body to its answer: read, rank, write.</summary>
internal sealed class RerankHandler(
    Serving serving, CallReader reader, ModelRules rules, EventStream events, KeepAlive keepAlive, LimitOptions limits, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        var dialect = DialectChoice.Default;
        try
        {
            RerankCall call;
            using (var body = await RequestBody.ReadAsync(context.Request, limits.MaxBodyBytes, context.RequestAborted))
            {
                dialect = DialectChoice.Of(body.Fields, context.Request.Headers);
                call = Read(context, body, dialect);
            }

            call = rules.Apply(call, dialect.ListKey, serving.Engine);
            await AnswerAsync(new Exchange(context, dialect, call, serving.Reranker, time.GetUtcNow()));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e) when (!context.Response.HasStarted && Problems.IsKnown(e))
        {
            await ProblemAnswer.SendAsync(context, dialect, Exchange.Translate(Problems.Of(e), dialect));
        }
    }

    private RerankCall Read(HttpContext context, RequestBody body, IDialect dialect)
    {
        RequestRecord.Of(context).Dialect = dialect.Name;
        if (body.Fault is not null)
            throw body.Fault;
        var headers = context.Request.Headers;
        var call = CallReader.ReadTimeoutHeader(dialect.Read(body.Fields, reader), headers["X-Request-Timeout-Ms"]);
        var wantsEvents = headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
        return call with
        {
            Stream = call.Stream || wantsEvents,
            Ranking = call.Ranking with { Client = RequestRecord.Of(context).Client },
        };
    }

    private async Task AnswerAsync(Exchange exchange)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(exchange.Context.RequestAborted, serving.DrainEnded);
        try
        {
            if (exchange.Call.Stream)
                await events.AnswerAsync(exchange, stop.Token);
            else if (keepAlive.IsOn)
                await keepAlive.AnswerAsync(exchange, stop.Token);
            else
                await PlainAnswer.SendAsync(exchange, await exchange.RankAsync(null, stop.Token));
        }
        finally
        {
            // An answer that couldn't be sent may leave its ranking at work.
            await stop.CancelAsync();
        }
    }
}
