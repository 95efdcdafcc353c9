using System.Security.Cryptography;
using ReasonRank.Service.Api.Auth;

namespace ReasonRank.Service.Hosting;

/// <summary>
/// Keeps the keys of a mounted file up to date. Looks at the content, not at times and links: that is how secrets are replaced in Kubernetes.
/// What can't be read changes nothing.
/// </summary>
internal sealed partial class KeyFile(AuthOptions options, KeyRing keys, TimeProvider time, ILogger<KeyFile> logger) : BackgroundService
{
    private byte[] _seen = [];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first request is served.
        if (options.KeysFile is not null)
            await LookAsync(options.KeysFile, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Reads the file once.</summary>
    public async Task LookAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var lines = await File.ReadAllLinesAsync(path, cancellationToken);
            var hash = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines)));
            if (hash.AsSpan().SequenceEqual(_seen))
                return;
            ApiKey[] read = [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Select(ApiKey.Parse).OfType<ApiKey>()];
            keys.SetFileKeys(read);
            _seen = hash;
            LogRead(read.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(path, e.GetType().Name);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.KeysFile is null)
            return;
        using var timer = new PeriodicTimer(options.KeysFileInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await LookAsync(options.KeysFile, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} API keys read from the file")]
    private partial void LogRead(int count);

    [LoggerMessage(LogLevel.Error, "The file of API keys {Path} can't be read ({Failure}); the keys stay as they are")]
    private partial void LogUnreadable(string path, string failure);
}
