using System.Net.Http.Headers;
using System.Text.Json;

namespace ReasonRank.Client;

/// <summary>Sends a request until it's answered, refused for good, or enough is enough.</summary>
internal sealed class RequestSender(HttpClient http, ReasonRankClientOptions options, TimeProvider time, Func<double> jitter)
{
    private readonly Uri _endpoint = new(options.BaseAddress!.AbsoluteUri.TrimEnd('/') + "/rerank");

    /// <summary>An answer with a status of success.</summary>
    /// <exception cref="ReasonRankException">There was none.</exception>
    public async Task<HttpResponseMessage> SendAsync(RerankRequest request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request, ReasonRankJson.Default.RerankRequest);
        for (var attempt = 1; ; attempt++)
        {
            var response = await AttemptAsync(body, request.Stream is true, completion, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
            {
                var failure = await ErrorBody.ReadAsync(response, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
                var wait = RetryPolicy.Wait(failure, attempt, options, jitter()) ?? throw failure;
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<HttpResponseMessage> AttemptAsync(byte[] body, bool isStream, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.AttemptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var message = Message(body, isStream);
        try
        {
            var response = await http.SendAsync(message, completion, either.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                await response.Content.LoadIntoBufferAsync(either.Token).ConfigureAwait(false);
            return response;
        }
        catch (HttpRequestException e)
        {
            throw new ReasonRankException($"The service couldn't be reached: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ReasonRankException("The service gave no answer in time.", new TimeoutException(e.Message, e));
        }
    }

    private HttpRequestMessage Message(byte[] body, bool isStream)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new ByteArrayContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        // Without it a top_k, of tokens, would be taken for the number of results that it is in Voyage's dialect.
        message.Headers.Add("X-Rerank-Dialect", "native");
        message.Headers.Accept.ParseAdd(isStream ? "text/event-stream" : "application/json");
        if (options.ApiKey is { } key)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return message;
    }
}
