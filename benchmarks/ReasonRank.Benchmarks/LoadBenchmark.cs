using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ReasonRank.Benchmarks;

/// <summary>
/// Closed-loop HTTP clients against the service in a process of its own: mixed sizes, one request in ten given up half-way. A client that is
/// refused waits as long as it's told. Then memory after 100 and after 1,000 cancelled requests.
/// </summary>
internal static class LoadBenchmark
{
    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var seconds = arguments.Number("seconds", 15);
        using var service = await ServiceProcess.StartAsync(new Dictionary<string, string>
        {
            ["ReasonRank__Model__Path"] = arguments.Text("model", Path.Combine(PerformanceDocument.Root(), "models", "reasonrank-tiny.gguf")),
            ["ReasonRank__Engine__Threads"] = arguments.Text("threads", "1"),
        });
        var table = new MarkdownTable(
            "clients", "requests/s", "p50, ms", "p95, ms", "p99, ms", "queue p50, ms", "sequences running", "refused", "left", "errors", "outside decode, %", "longest gap so far, ms");
        foreach (var clients in arguments.Numbers("clients", 1, 2, 4, 8, 16, 32))
        {
            var row = await MeasureAsync(service, clients, TimeSpan.FromSeconds(seconds));
            table.Add([clients, .. row]);
            Console.Error.WriteLine($"{clients} clients: {string.Join(", ", row)}");
        }
        var memory = await CancelledAsync(service);
        PerformanceDocument.Report("load", $"{table}\n{memory}", arguments.Write);
    }

    private static async Task<object[]> MeasureAsync(ServiceProcess service, int clients, TimeSpan time)
    {
        var (latencies, queues) = (new ConcurrentBag<double>(), new ConcurrentBag<double>());
        var (refused, left, errors) = (0, 0, 0);
        var before = await EngineTimes(service);
        var running = new List<double>();
        using var end = new CancellationTokenSource(time);
        var total = Stopwatch.StartNew();
        var work = Task.WhenAll(Enumerable.Range(0, clients).Select(ClientAsync));
        while (!work.IsCompleted)
        {
            running.Add(await service.MetricAsync("reasonrank_engine_sequences_running"));
            await Task.WhenAny(work, Task.Delay(200));
        }
        await work;
        var after = await EngineTimes(service);
        var sorted = latencies.Order().ToArray();
        var outside = 100 * (1 - (after.Decode - before.Decode) / Math.Max(1e-9, after.Step - before.Step));
        return
        [
            sorted.Length / total.Elapsed.TotalSeconds, Quantile(sorted, 0.5), Quantile(sorted, 0.95), Quantile(sorted, 0.99), Quantile([.. queues.Order()], 0.5),
            running.Count > 0 ? running.Average() : 0.0, refused, left, errors, outside, 1000 * after.Gap,
        ];

        async Task ClientAsync(int client)
        {
            var random = new Random(client);
            while (!end.IsCancellationRequested)
            {
                using var patience = random.Next(10) == 0 ? new CancellationTokenSource(random.Next(5, 200)) : new CancellationTokenSource();
                var watch = Stopwatch.StartNew();
                try
                {
                    using var answer = await service.Client.PostAsJsonAsync(new Uri("/rerank", UriKind.Relative), Body(random), patience.Token);
                    if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                    {
                        Interlocked.Increment(ref refused);
                        await Task.WhenAny(Task.Delay(answer.Headers.RetryAfter!.Delta!.Value), Task.Delay(Timeout.Infinite, end.Token));
                        continue;
                    }
                    if (!answer.IsSuccessStatusCode)
                    {
                        Interlocked.Increment(ref errors);
                        continue;
                    }
                    using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(patience.Token));
                    latencies.Add(watch.Elapsed.TotalMilliseconds);
                    queues.Add(body.RootElement.GetProperty("timings").GetProperty("queue_ms").GetDouble());
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref left);
                }
            }
        }
    }

    private static async Task<string> CancelledAsync(ServiceProcess service)
    {
        var random = new Random(1);
        var sizes = new List<double>();
        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
            {
                using var patience = new CancellationTokenSource(random.Next(1, 50));
                try
                {
                    using var answer = await service.Client.PostAsJsonAsync(new Uri("/rerank", UriKind.Relative), Body(random), patience.Token);
                }
                catch (OperationCanceledException)
                {
                    // By design: leaving is what is measured.
                }
            }));
            sizes.Add(service.Memory.Now);
        }
        return $"Resident memory after 100 cancelled requests {sizes[0]:F0} MiB, after 1,000 {sizes[^1]:F0} MiB; the most ever {service.Memory.Peak:F0} MiB.";
    }

    private static async Task<(double Step, double Decode, double Gap)> EngineTimes(ServiceProcess service) =>
        (await service.MetricAsync("reasonrank_engine_step_seconds_total"), await service.MetricAsync("reasonrank_engine_decode_seconds_total"),
            await service.MetricAsync("reasonrank_engine_longest_gap_seconds"));

    private static object Body(Random random) => new
    {
        query = $"tools to {Words[random.Next(Words.Length)]} {Words[random.Next(Words.Length)]}",
        documents = Enumerable.Range(0, random.Next(3, 41)).Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(8, 30)).Select(_ => Words[random.Next(Words.Length)]))),
        reasoning_budget = random.Next(0, 200),
        cache = false,
    };

    private static readonly string[] Words =
        ["parse", "draw", "compress", "index", "search", "images", "files", "network", "python", "library", "server", "archive", "convert", "text", "audio", "monitor"];

    private static double Quantile(double[] sorted, double share) => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}
