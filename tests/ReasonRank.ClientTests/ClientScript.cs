using System.Diagnostics;
using System.Text.Json;
using ReasonRank.TestSupport;

namespace ReasonRank.ClientTests;

/// <summary>One of the scripts under clients/: a package from npm, used through its own API.</summary>
internal static class ClientScript
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "tests", "ReasonRank.ClientTests");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static IEnumerable<string> Names { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Folder, "clients"), "*.mjs").Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => name != "task").Order()];

    /// <summary>Runs a script against a service.</summary>
    /// <exception cref="InvalidOperationException">Node.js or the packages are missing, or the script failed.</exception>
    public static async Task<ClientReport> RunAsync(string name, string address, string key)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
            throw new InvalidOperationException("The clients aren't restored: run 'npm ci' in tests/ReasonRank.ClientTests.");
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine("clients", name + ".mjs")])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["RERANK_URL"] = address, ["RERANK_KEY"] = key, ["NO_COLOR"] = "1" },
        })!;
        using var patience = new CancellationTokenSource(Patience);
        using var kill = patience.Token.Register(() => node.Kill(entireProcessTree: true));
        var errors = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return node.ExitCode == 0
            ? JsonSerializer.Deserialize<ClientReport>(output, Json)!
            : throw new InvalidOperationException($"{name}.mjs ended with {node.ExitCode}: {await errors}");
    }
}

/// <summary>What a script got, read from its client's own types.</summary>
/// <param name="All">All passages, ranked.</param>
/// <param name="Best">The top of the same ranking, asked for as such.</param>
internal sealed record ClientReport(string Name, string Package, string Version, IReadOnlyList<ClientResult> All, IReadOnlyList<ClientResult> Best);

/// <param name="Text">Null when the client shows none.</param>
internal sealed record ClientResult(int Index, double Score, string? Text);
