using System.Net;
using System.Text;

namespace ReasonRank.Tests.Client;

/// <summary>A service at the end of a handler: gives the answers it was told, in turn and at once, the last one again and again; keeps what it was asked.</summary>
internal sealed class StubService(params IReadOnlyList<Func<HttpResponseMessage>> answers) : HttpMessageHandler
{
    private readonly List<(HttpRequestMessage Message, string Body)> _requests = [];

    public IReadOnlyList<(HttpRequestMessage Message, string Body)> Requests => _requests;

    public static Func<HttpResponseMessage> Answer(
        HttpStatusCode status, string body, string mediaType = "application/json", params (string Name, string Value)[] headers) => () =>
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, mediaType) };
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _requests.Add((request, await request.Content!.ReadAsStringAsync(cancellationToken)));
        return answers[Math.Min(_requests.Count, answers.Count) - 1]();
    }
}
