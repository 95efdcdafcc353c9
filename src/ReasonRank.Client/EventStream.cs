using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ReasonRank.Client;

/// <summary>Reads the service's server-sent events. Those that it doesn't know are passed over.</summary>
internal static class EventStream
{
    /// <exception cref="ReasonRankException">The service reported an error, the connection broke, or an event made no sense.</exception>
    public static async IAsyncEnumerable<RerankEvent> ReadAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var events = SseParser.Create(stream).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (events.ConfigureAwait(false))
        {
            while (await MoveNextAsync(events).ConfigureAwait(false))
            {
                if (events.Current.EventType == "error")
                    throw ErrorBody.OfEvent(events.Current.Data, response);
                if (Read(events.Current) is { } happened)
                    yield return happened;
            }
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new ReasonRankException($"The connection to the service broke: {e.Message}", e);
        }
    }

    private static RerankEvent? Read(SseItem<string> item)
    {
        try
        {
            return item.EventType switch
            {
                "queued" => Parse(item, ReasonRankJson.Default.Queued),
                "window.start" => Parse(item, ReasonRankJson.Default.WindowStarted),
                "reasoning.delta" => Parse(item, ReasonRankJson.Default.ReasoningDelta),
                "window.ranking" => new RerankEvent.WindowRanked(Parse(item, ReasonRankJson.Default.RerankWindow), Parse(item, ReasonRankJson.Default.OrderBody).Order),
                "done" => new RerankEvent.Done(Parse(item, ReasonRankJson.Default.RerankResponse)),
                _ => null,
            };
        }
        catch (JsonException e)
        {
            throw new ReasonRankException($"The service sent a {item.EventType} event that makes no sense.", e);
        }
    }

    private static T Parse<T>(SseItem<string> item, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(item.Data, type) ?? throw new JsonException("The event is null.");
}

/// <summary>The order so far in an event.</summary>
internal sealed record OrderBody(IReadOnlyList<int> Order);
