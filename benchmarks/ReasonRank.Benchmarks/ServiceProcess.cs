using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ReasonRank.Benchmarks;

/// <summary>The built service as a process of its own, on a free port of this machine.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly Process _process;
    private string? _loop;

    private ServiceProcess(Process process, Uri address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
    }

    public HttpClient Client { get; }

    public int Port => Client.BaseAddress!.Port;

    /// <summary>Resident memory now, and the most there ever was, in MiB.</summary>
    public (double Now, double Peak) Memory => (Status("VmRSS"), Status("VmHWM"));

    /// <summary>Seconds of processor time that the engine's loop and all other threads have used.</summary>
    public (double Loop, double Others) ProcessorTime
    {
        get
        {
            _process.Refresh();
            _loop ??= Directory.EnumerateDirectories($"/proc/{_process.Id}/task").First(IsLoop);
            var loop = Seconds(_loop);
            return (loop, _process.TotalProcessorTime.TotalSeconds - loop);
        }
    }

    /// <summary>Starts the service with settings on top of its own, and waits until it's ready.</summary>
    public static async Task<ServiceProcess> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var program = Path.Combine(PerformanceDocument.Root(), "src/ReasonRank.Service/bin/Release/net10.0/ReasonRank.Service.dll");
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", [program]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["Serilog__MinimumLevel__Default"] = "Warning";
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} didn't start. Build it: dotnet build -c Release.");
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var service = new ServiceProcess(process, address);
        await service.ReadyAsync().ConfigureAwait(false);
        return service;
    }

    /// <summary>A metric of /metrics, summed over its labels; 0 when there's none of the name.</summary>
    public async Task<double> MetricAsync(string name)
    {
        var text = await Client.GetStringAsync(new Uri("/metrics", UriKind.Relative)).ConfigureAwait(false);
        return text.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is ' ' or '{')
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ReadyAsync()
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The service ended with {_process.ExitCode}.");
            try
            {
                using var answer = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative)).ConfigureAwait(false);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // By design: it doesn't listen yet.
            }
            await Task.Delay(100).ConfigureAwait(false);
        }
        throw new TimeoutException("The service wasn't ready within a minute.");
    }

    private static bool IsLoop(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm")).Trim() == "engine loop";
        }
        catch (IOException)
        {
            // By design: other threads come and go.
            return false;
        }
    }

    /// <summary>User and system time of a thread; /proc counts in hundredths of a second.</summary>
    private static double Seconds(string thread)
    {
        var stat = File.ReadAllText(Path.Combine(thread, "stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }

    private double Status(string key)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(key, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
