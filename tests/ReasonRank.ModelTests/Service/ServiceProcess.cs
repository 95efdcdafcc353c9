using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ReasonRank.TestSupport;

namespace ReasonRank.ModelTests.Service;

/// <summary>The service as a process of its own, on a free port, with the embedded model and one thread unless told otherwise.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ServiceProcess(params IReadOnlyList<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "ReasonRank.Service"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Not where the program lies: its files must be found all the same.
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ReasonRank__Engine__Threads"] = "1";
        start.Environment["ReasonRank__Shutdown__ReadinessDelay"] = "00:00:00";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Everything it has written so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>A client once the service is ready.</summary>
    public async Task<HttpClient> ReadyAsync()
    {
        var client = await ListeningAsync();
        using var patience = new CancellationTokenSource(TestTimeouts.Patience);
        while ((await client.GetAsync(new Uri("/health/ready", UriKind.Relative), patience.Token)).StatusCode != HttpStatusCode.OK)
            await Task.Yield();
        return client;
    }

    /// <summary>A client once the service listens.</summary>
    public async Task<HttpClient> ListeningAsync() => new() { BaseAddress = await _listening.Task.WaitAsync(TestTimeouts.Patience) };

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Its exit code, after all of its output has been read.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TestTimeouts.Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        if (Address().Match(line) is { Success: true } match)
            _listening.TrySetResult(new Uri(match.Value));
    }

    [GeneratedRegex("(?<=\"address\":\")http://[0-9.:]+")]
    private static partial Regex Address();
}
