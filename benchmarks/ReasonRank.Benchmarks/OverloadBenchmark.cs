namespace ReasonRank.Benchmarks;

/// <summary>
/// Ten times more requests than the service can rank, for a minute, each from a client of its own that comes whether or not those before it
/// were served. Before and after that, what the service can rank: as many clients as keep it busy. All on the same machine as the service.
/// </summary>
internal static class OverloadBenchmark
{
    private const int BusyClients = 8; // twice the engine's places

    public static async Task<int> RunAsync(BenchmarkArguments arguments)
    {
        using var service = await ServiceProcess.StartAsync(new Dictionary<string, string>
        {
            ["ReasonRank__Model__Path"] = arguments.Text("model", Path.Combine(PerformanceDocument.Root(), "models", "reasonrank-tiny.gguf")),
            ["ReasonRank__Engine__Threads"] = arguments.Text("threads", "1"),
            ["ReasonRank__Ranking__MaxQueueWait"] = "00:00:10",
            ["ReasonRank__Ranking__MaxRetryAfter"] = "00:01:00",
        });
        await new OverloadLoad(service).KeepBusyAsync(BusyClients, 5); // warms up; the service learns how long work takes
        var before = await BusyAsync();
        Console.Error.WriteLine($"{before.Requests:F1} requests/s");
        var rate = arguments.Number("times", 10) * before.Requests;
        var overload = await PhaseAsync(
            service, arguments.Number("seconds", 60), (load, seconds) => load.ArriveAsync(rate, arguments.Number("obeying", 10) / 100.0, seconds));
        var after = await BusyAsync();

        var report = new OverloadReport(before, overload, after, await service.MetricAsync("reasonrank_requests_refused_total{reason=\"wait_too_long\"}"));
        PerformanceDocument.Report("overload", report.ToString(), arguments.Write);
        return report.Check().ExitCode;

        Task<LoadPhase> BusyAsync() => PhaseAsync(service, arguments.Number("capacity-seconds", 20), async (load, seconds) =>
        {
            await load.KeepBusyAsync(BusyClients, seconds);
            return Task.CompletedTask;
        });
    }

    private static async Task<LoadPhase> PhaseAsync(ServiceProcess service, int seconds, Func<OverloadLoad, double, Task<Task>> run)
    {
        var load = new OverloadLoad(service);
        var memory = new List<double> { service.Memory.Now };
        var before = service.ProcessorTime;
        var running = run(load, seconds);
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(1000));
            memory.Add(service.Memory.Now);
        }
        var after = service.ProcessorTime;
        await await running;
        memory.Add(service.Memory.Now);
        return new LoadPhase(seconds, [.. load.Tries], memory, after.Loop - before.Loop, after.Others - before.Others);
    }
}
