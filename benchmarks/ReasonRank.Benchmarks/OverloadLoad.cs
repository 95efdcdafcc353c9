using System.Collections.Concurrent;
using System.Diagnostics;

namespace ReasonRank.Benchmarks;

/// <summary>One request of one client; times are seconds since the load began.</summary>
/// <param name="Retry">0 for a client's first try.</param>
internal sealed record Try(int Client, int Retry, double Sent, double Answered, Attempt Attempt);

/// <summary>Clients that ask a service for rankings of three full windows each, and what became of every request.</summary>
internal sealed class OverloadLoad(ServiceProcess service)
{
    private const int Documents = 40;
    private const int MostRetries = 5;

    private static readonly string[] Words =
        ["parse", "draw", "compress", "index", "search", "images", "files", "network", "python", "library", "server", "archive", "convert", "text", "audio", "monitor"];

    // Enough that no two of the same are near each other: their prompts would share more than those of strangers.
    private static readonly byte[][] Requests = [.. Enumerable.Range(0, 1_000).Select(Request)];

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _tries;

    public ConcurrentBag<Try> Tries { get; } = [];

    /// <summary>So many clients, each asking again as soon as it has its answer.</summary>
    public Task KeepBusyAsync(int clients, double seconds) => Task.WhenAll(Enumerable.Range(1, clients).Select(async number =>
    {
        while (_clock.Elapsed.TotalSeconds < seconds)
            await TryAsync(number, retry: 0);
    }));

    /// <summary>New clients at random times. The task within ends when the last of them is served or has given up.</summary>
    /// <param name="rate">Clients a second.</param>
    /// <param name="obeying">The share of them that obeys Retry-After; the others don't come back.</param>
    public async Task<Task> ArriveAsync(double rate, double obeying, double seconds)
    {
        var random = new Random(5);
        var clients = new List<Task>();
        for (var at = 0.0; (at -= Math.Log(1 - random.NextDouble()) / rate) < seconds;)
        {
            var early = TimeSpan.FromSeconds(at) - _clock.Elapsed;
            if (early > TimeSpan.FromMilliseconds(1))
                await Task.Delay(early);
            clients.Add(VisitAsync(clients.Count + 1, random.NextDouble() < obeying ? MostRetries : 0));
        }
        return Task.WhenAll(clients);
    }

    private async Task VisitAsync(int number, int retries)
    {
        for (var retry = 0; await TryAsync(number, retry) is { IsRefusal: true, Wait: { } wait } && retry < retries; retry++)
            await Task.Delay(wait);
    }

    private async Task<Attempt> TryAsync(int number, int retry)
    {
        var sent = _clock.Elapsed.TotalSeconds;
        var attempt = await OverloadClient.AskAsync(service.Port, number, Requests[Interlocked.Increment(ref _tries) % Requests.Length]);
        Tries.Add(new Try(number, retry, sent, _clock.Elapsed.TotalSeconds, attempt));
        return attempt;
    }

    private static byte[] Request(int seed)
    {
        var random = new Random(seed);
        return OverloadClient.Request(new
        {
            query = string.Join(' ', random.GetItems(Words, 3)),
            documents = Enumerable.Range(0, Documents).Select(_ => string.Join(' ', random.GetItems(Words, 24))),
            reasoning_budget = 300,
            cache = false,
        });
    }
}
