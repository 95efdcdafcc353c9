using System.Diagnostics;
using ReasonRank.TestSupport;

namespace ReasonRank.ModelTests.LlamaCpp;

/// <summary>What a newcomer reads when llama.cpp's libraries can't be restored, on a copy of native/ without any.</summary>
public sealed class LlamaNativesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reasonrank-test-");

    public LlamaNativesTests()
    {
        foreach (var file in new[] { "LlamaNatives.targets", "package.json", "package-lock.json" })
            File.Copy(Path.Combine(Checkout.Root, "native", file), Path.Combine(_folder.FullName, file));
    }

    [Fact]
    public async Task A_machine_that_nothing_is_pinned_for_is_named() =>
        Assert.Contains("error : No llama.cpp libraries are pinned for 'plan9-mips'", await CollectAsync("-p:LlamaPlatform=plan9-mips"), StringComparison.Ordinal);

    [Fact]
    public async Task A_missing_npm_is_named()
    {
        var tools = _folder.CreateSubdirectory("tools");
        File.CreateSymbolicLink(Path.Combine(tools.FullName, "sh"), "/bin/sh");

        var output = await CollectAsync("-p:LlamaPlatform=linux-x64", ("PATH", tools.FullName));

        Assert.Contains("error : npm wasn't found: llama.cpp's libraries come from npm packages, so install Node.js 20 or newer, or ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_without_a_network_is_told_what_to_check()
    {
        // Nothing listens on port 9.
        var output = await CollectAsync(
            "-p:LlamaPlatform=linux-x64",
            ("npm_config_registry", "http://127.0.0.1:9"),
            ("npm_config_cache", Path.Combine(_folder.FullName, "cache")),
            ("npm_config_fetch_retries", "0"));

        Assert.Contains("error : npm couldn't fetch @node-llama-cpp/linux-x64: check that this machine reaches an npm registry", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_libraries_is_named() =>
        Assert.Contains("error : LlamaNativesDirectory ('/no/such/folder') holds no shared libraries.", await CollectAsync("-p:LlamaNativesDirectory=/no/such/folder"), StringComparison.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> CollectAsync(string property, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { "msbuild", Path.Combine(_folder.FullName, "LlamaNatives.targets"), "-t:CollectLlamaNatives", property, "-nologo", "-nodeReuse:false" },
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.NotEqual(0, process.ExitCode);
        return output;
    }
}
