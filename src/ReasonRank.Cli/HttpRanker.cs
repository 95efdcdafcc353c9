using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ReasonRank.Cli;

/// <summary>Ranks on a server that speaks the native dialect. Asks again when a busy server says when to.</summary>
/// <param name="server">Its address, with or without the path of the endpoint.</param>
internal sealed class HttpRanker(HttpClient http, Uri server, TimeProvider time) : IRanker
{
    /// <summary>Times that a job is sent at most.</summary>
    public const int MostAttempts = 10;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    public async Task<JsonElement> RankAsync(RankJob job, CancellationToken cancellationToken)
    {
        var body = Json.Write(new
        {
            job.Query,
            Documents = job.Documents.Select(document => new { document.Id, document.Text, document.Title }),
            job.TopN,
            ReturnDocuments = true,
            ReturnReasoning = job.Reasoning,
        });
        for (var attempt = 1; ; attempt++)
        {
            using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json", "utf-8"));
            using var response = await http.PostAsync(Endpoint(server), content, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.IsSuccessStatusCode)
                return Parse(text) ?? throw new HttpRequestException($"{server} answered something that is no ranking.");
            if (attempt == MostAttempts || Wait(response) is not { } wait)
                throw new HttpRequestException($"{server} answered {(int)response.StatusCode}: {Explanation(text)}");
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>How long a busy server wants to be left alone; null when it doesn't say, or says longer than is worth waiting.</summary>
    private TimeSpan? Wait(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            return null;
        var told = response.Headers.RetryAfter;
        var wait = told?.Delta ?? (told?.Date - time.GetUtcNow());
        return wait > LongestWait ? null : wait < ShortestWait ? ShortestWait : wait;
    }

    private static Uri Endpoint(Uri server) =>
        server.AbsolutePath.EndsWith("/rerank", StringComparison.Ordinal) ? server : new Uri(server.AbsoluteUri.TrimEnd('/') + "/rerank");

    private static string Explanation(string text)
    {
        var message = Parse(text) is { } body && body.TryGetProperty("message", out var value) ? value.ToString() : text.Trim();
        return message.Length <= 500 ? message : message[..500] + "...";
    }

    private static JsonElement? Parse(string text)
    {
        try
        {
            var body = JsonElement.Parse(text);
            return body.ValueKind == JsonValueKind.Object ? body : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
