using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ReasonRank.Benchmarks;

/// <summary>docs/performance.md: each benchmark owns the part between its two markers, and says where and when it ran.</summary>
internal static class PerformanceDocument
{
    /// <summary>Prints a result, and writes it into the document when that was asked for.</summary>
    /// <param name="name">The benchmark's name, as its markers have it.</param>
    public static void Report(string name, string result, bool write)
    {
        Console.WriteLine(result);
        if (!write)
            return;
        var path = Path.Combine(Root(), "docs", "performance.md");
        var text = File.ReadAllText(path);
        var (open, close) = ($"<!-- {name} -->\n", $"<!-- /{name} -->");
        var start = text.IndexOf(open, StringComparison.Ordinal);
        var end = text.IndexOf(close, StringComparison.Ordinal);
        if (start < 0 || end < start)
            throw new InvalidOperationException($"{path} has no part between {open.Trim()} and {close}.");
        File.WriteAllText(path, text[..(start + open.Length)] + Place() + "\n\n" + result + "\n" + text[end..]);
        Console.WriteLine($"written to {path}");
    }

    /// <summary>The checkout that this program was built in.</summary>
    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ReasonRank.Service.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Run the benchmarks from a checkout: no ReasonRank.Service.sln above the program.");
    }

    private static string Place()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30);
        var date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"{Processor()}, {Environment.ProcessorCount} cores, {memory} GiB, .NET {Environment.Version}, "
            + $"{RuntimeInformation.OSDescription.Trim()}; commit {Commit()}; {date}";
    }

    private static string Processor()
    {
        const string info = "/proc/cpuinfo";
        var line = File.Exists(info) ? File.ReadLines(info).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string Commit()
    {
        var start = new ProcessStartInfo("git", "rev-parse --short HEAD") { RedirectStandardOutput = true, WorkingDirectory = Root() };
        using var git = Process.Start(start)!;
        return git.StandardOutput.ReadToEnd().Trim();
    }
}
