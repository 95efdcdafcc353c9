using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ReasonRank.Client;

/// <summary>Asks a service to rank documents. Thread-safe; one client serves a whole program.</summary>
public sealed class ReasonRankClient
{
    private readonly RequestSender _sender;

    /// <param name="http">Not disposed. Its own timeout (100 seconds unless changed) applies too: it may be too short for a model that reasons.</param>
    /// <param name="options">Read once.</param>
    /// <param name="time">Runs the waits between attempts; null is the system's.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public ReasonRankClient(HttpClient http, ReasonRankClientOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _sender = new RequestSender(http, options, time ?? TimeProvider.System, Random.Shared.NextDouble);
    }

    /// <summary>Ranks plain texts.</summary>
    /// <param name="query">What they are ranked for.</param>
    /// <param name="documents">In the order of their retriever.</param>
    /// <param name="topN">Results wanted; null wants all.</param>
    /// <param name="cancellationToken">Frees the service's place for this request, too.</param>
    /// <exception cref="ReasonRankException">The service refused the request, failed or couldn't be reached.</exception>
    public Task<RerankResponse> RerankAsync(string query, IEnumerable<string> documents, int? topN = null, CancellationToken cancellationToken = default) =>
        RerankAsync(new RerankRequest { Query = query, Documents = [.. documents.Select(RerankDocument.FromString)], TopN = topN }, cancellationToken);

    /// <summary>Ranks documents and waits for the whole answer.</summary>
    /// <param name="request">What to rank, and how.</param>
    /// <param name="cancellationToken">Frees the service's place for this request, too.</param>
    /// <exception cref="ReasonRankException">The service refused the request, failed or couldn't be reached.</exception>
    public async Task<RerankResponse> RerankAsync(RerankRequest request, CancellationToken cancellationToken = default)
    {
        using var response = await _sender.SendAsync(request with { Stream = null }, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        try
        {
            return await response.Content.ReadFromJsonAsync(ReasonRankJson.Default.RerankResponse, cancellationToken).ConfigureAwait(false)
                ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException e)
        {
            throw new ReasonRankException("The service answered something that is no ranking.", e) { StatusCode = response.StatusCode };
        }
    }

    /// <summary>Ranks documents and tells what happens meanwhile. The last event is <see cref="RerankEvent.Done"/>, with the whole answer.</summary>
    /// <param name="request">What to rank, and how.</param>
    /// <param name="cancellationToken">Frees the service's place for this request, as leaving the loop does.</param>
    /// <exception cref="ReasonRankException">The service refused the request, failed or couldn't be reached, now or in the middle of the stream.</exception>
    public async IAsyncEnumerable<RerankEvent> RerankStreamAsync(RerankRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var response = await _sender.SendAsync(request with { Stream = true }, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        await foreach (var happened in EventStream.ReadAsync(response, cancellationToken).ConfigureAwait(false))
        {
            yield return happened;
            if (happened is RerankEvent.Done)
                yield break;
        }

        throw new ReasonRankException("The service's stream ended before its answer.") { StatusCode = response.StatusCode };
    }
}
