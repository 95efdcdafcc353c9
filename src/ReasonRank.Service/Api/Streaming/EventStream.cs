using System.Text.Json;
using System.Threading.Channels;
using ReasonRank.Ranking;

namespace ReasonRank.Service.Api.Streaming;

/// <summary>
/// Answers with server-sent events while the ranking goes on. The status is decided by the first thing that happens: a request that fails
/// before it got anywhere gets a plain error.
/// </summary>
internal sealed class EventStream(StreamingOptions options, TimeProvider time)
{
    private static ReadOnlySpan<byte> Comment => ": still working\n\n"u8;

    /// <param name="stop">Ends the ranking, which is told to a client that is still there.</param>
    public async Task AnswerAsync(Exchange exchange, CancellationToken stop)
    {
        var events = Channel.CreateUnbounded<RankingEvent>(new UnboundedChannelOptions { SingleReader = true });
        var ranking = RankAsync(exchange, events.Writer, stop);
        if (!await events.Reader.WaitToReadAsync(CancellationToken.None))
            // Nothing to watch: a failure, or a ranking that took no window.
            await ranking;

        Begin(exchange.Context.Response);
        await PumpAsync(exchange, events.Reader, exchange.Context.RequestAborted);
        await FinishAsync(exchange, ranking, exchange.Context.RequestAborted);
    }

    private static async Task<RankingResult> RankAsync(Exchange exchange, ChannelWriter<RankingEvent> events, CancellationToken stop)
    {
        // From here on a task of its own: events are sent while the ranking works, also where it never waits.
        await Task.Yield();
        try
        {
            return await exchange.RankAsync(happened => events.TryWrite(happened), stop);
        }
        finally
        {
            events.Complete();
        }
    }

    private static void Begin(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // Tells nginx not to hold events back.
        response.Headers["X-Accel-Buffering"] = "no";
    }

    private async Task PumpAsync(Exchange exchange, ChannelReader<RankingEvent> events, CancellationToken cancellationToken)
    {
        var body = exchange.Context.Response.Body;
        var more = events.WaitToReadAsync(CancellationToken.None).AsTask();
        // Windows may run at the same time, so each has its own.
        var reasoning = new Dictionary<int, ReasoningText>();
        while (true)
        {
            while (events.TryRead(out var happened))
                await WriteAsync(body, TextOf(happened, exchange.Call, reasoning), cancellationToken);

            await body.FlushAsync(cancellationToken);
            if (!await HappensSoonAsync(more, cancellationToken))
                await WriteAsync(body, Comment.ToArray(), cancellationToken);
            else if (!await more)
                return;
            else
                more = events.WaitToReadAsync(CancellationToken.None).AsTask();
        }
    }

    private static ReadOnlyMemory<byte> TextOf(RankingEvent happened, RerankCall call, Dictionary<int, ReasoningText> reasoning)
    {
        if (happened is not RankingEvent.ReasoningDelta delta)
            return EventText.Of(happened, call);
        if (!call.StreamReasoning)
            return default;
        if (!reasoning.TryGetValue(delta.Window, out var window))
            reasoning.Add(delta.Window, window = new ReasoningText());
        return window.Add(delta.Text) is { Length: > 0 } text ? EventText.OfReasoning(delta.Window, text) : default;
    }

    private async Task<bool> HappensSoonAsync(Task more, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beat = Task.Delay(options.Heartbeat, time, enough.Token);
        var first = await Task.WhenAny(more, beat);
        await enough.CancelAsync();
        return first == more;
    }

    private static async Task FinishAsync(Exchange exchange, Task<RankingResult> ranking, CancellationToken cancellationToken)
    {
        var body = exchange.Context.Response.Body;
        try
        {
            var answer = exchange.AnswerOf(await ranking);
            await WriteAsync(body, EventText.Of("done", json => exchange.Dialect.WriteAnswer(json, answer)), cancellationToken);
        }
        catch (Exception e) when (!exchange.Context.RequestAborted.IsCancellationRequested && Problems.IsKnown(e))
        {
            // The status is gone; what is left is to say it in the stream.
            var record = RequestRecord.Of(exchange.Context);
            record.Problem = Exchange.Translate(Problems.Of(e), exchange.Dialect);
            await WriteAsync(body, EventText.Of("error", json => exchange.Dialect.WriteProblem(json, record.Problem, record.Id)), CancellationToken.None);
        }
    }

    private static ValueTask WriteAsync(Stream body, ReadOnlyMemory<byte> text, CancellationToken cancellationToken) => body.WriteAsync(text, cancellationToken);
}
