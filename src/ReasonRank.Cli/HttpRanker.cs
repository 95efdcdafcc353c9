using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ReasonRank.Cli;

/// <summary>Ranks on a server that speaks the native dialect.</summary>
/// <param name="server">Its address, with or without the path of the endpoint.</param>
internal sealed class HttpRanker(HttpClient http, Uri server) : IRanker
{
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
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json", "utf-8"));
        using var response = await http.PostAsync(Endpoint(server), content, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{server} answered {(int)response.StatusCode}: {Explanation(text)}");
        return Parse(text) ?? throw new HttpRequestException($"{server} answered something that is no ranking.");
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
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
