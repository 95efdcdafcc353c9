using ReasonRank.Ranking;

namespace ReasonRank.Service.Api.Streaming;

/// <summary>
/// Answers with one plain body that may begin with white space: JSON allows it, and it keeps clients with a read timeout waiting. Begins only
/// once the request is being ranked, so that refusals keep their status. What fails later is answered with the input order, or cut off where
/// the body couldn't say that it is just that.
/// </summary>
internal sealed class KeepAlive(StreamingOptions options, Serving serving, TimeProvider time)
{
    private static readonly byte[] Space = " "u8.ToArray();

    /// <summary>Whether plain answers are kept alive at all.</summary>
    public bool IsOn => options.KeepAliveAfter is not null;

    /// <param name="stop">Ends the ranking, which is told to a client that is still there.</param>
    public async Task AnswerAsync(Exchange exchange, CancellationToken stop)
    {
        var gone = exchange.Context.RequestAborted;
        var admitted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ranking = exchange.RankAsync(
            happened =>
            {
                if (happened is RankingEvent.WindowStarted)
                    admitted.TrySetResult();
            },
            stop);
        await Task.WhenAny(ranking, admitted.Task);
        if (await EndsWithinAsync(ranking, options.KeepAliveAfter!.Value, gone))
        {
            await PlainAnswer.SendAsync(exchange, await ranking);
            return;
        }

        var response = exchange.Context.Response;
        response.ContentType = JsonAnswer.MediaType;
        do
        {
            await response.Body.WriteAsync(Space, gone);
            await response.Body.FlushAsync(gone);
        }
        while (!await EndsWithinAsync(ranking, options.KeepAliveEvery, gone));

        if (await SettleAsync(exchange, ranking) is not { } result)
        {
            // The status is 200 and the headers are sent: nothing but a broken answer is left to tell a failure with.
            exchange.Context.Abort();
            return;
        }

        var answer = exchange.AnswerOf(result);
        await response.Body.WriteAsync(JsonAnswer.Body(json => exchange.Dialect.WriteAnswer(json, answer)), CancellationToken.None);
    }

    private async Task<bool> EndsWithinAsync(Task ranking, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(ranking, Task.Delay(wait, time, enough.Token));
        await enough.CancelAsync();
        return ranking.IsCompleted;
    }

    /// <summary>The ranking, or the input order with the failure as a warning; null when that would pass for a ranking.</summary>
    private async Task<RankingResult?> SettleAsync(Exchange exchange, Task<RankingResult> ranking)
    {
        try
        {
            return await ranking;
        }
        catch (Exception e) when (!exchange.Context.RequestAborted.IsCancellationRequested && Problems.IsKnown(e))
        {
            var record = RequestRecord.Of(exchange.Context);
            record.Problem = Problems.Of(e);
            if (!exchange.Dialect.TellsStatus && exchange.Call.Ranking.OnError != FailurePolicy.Passthrough)
                return null;
            return record.Result = new RankingResult
            {
                Order = [.. Enumerable.Range(0, exchange.Call.Documents.Count)],
                Status = RankingStatus.Fallback,
                ServedModel = serving.ServedModel,
                Warnings = [$"The documents are in their input order: {record.Problem.Message}"],
            };
        }
    }
}
