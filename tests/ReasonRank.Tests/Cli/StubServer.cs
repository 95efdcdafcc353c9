using System.Net;
using System.Net.Http.Headers;

namespace ReasonRank.Tests.Cli;

/// <summary>Answers every request alike, after the first few if it is to refuse those, and keeps the last one.</summary>
internal sealed class StubServer(HttpStatusCode status, string answer) : HttpMessageHandler
{
    private int _requests;

    /// <summary>Requests that are answered 429 before the first is answered as it should be.</summary>
    public int Refusals { get; init; }

    /// <summary>What goes with an answer that isn't 200.</summary>
    public RetryConditionHeaderValue? RetryAfter { get; init; }

    public int Requests => _requests;

    public string? Address { get; private set; }

    public string Body { get; private set; } = "";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isRefused = Interlocked.Increment(ref _requests) <= Refusals;
        Address = request.RequestUri!.AbsoluteUri;
        Body = await request.Content!.ReadAsStringAsync(cancellationToken);
        var response = new HttpResponseMessage(isRefused ? HttpStatusCode.TooManyRequests : status) { Content = new StringContent(answer) };
        if (!response.IsSuccessStatusCode)
            response.Headers.RetryAfter = RetryAfter;
        return response;
    }
}
