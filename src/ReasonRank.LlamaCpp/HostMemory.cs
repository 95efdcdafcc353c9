using System.Globalization;

namespace ReasonRank.LlamaCpp;

/// <summary>Memory this process may still take, and what limits it.</summary>
internal sealed record HostMemory(long FreeBytes, string Limit)
{
    /// <summary>The tightest of MemAvailable and the control groups' limits (versions 2 and 1).</summary>
    /// <param name="root">Where proc and sys are mounted.</param>
    public static HostMemory Read(string root = "/")
    {
        var limits = new List<HostMemory>();
        if (Field(Path.Combine(root, "proc/meminfo"), "MemAvailable:") is { } kilobytes)
            limits.Add(new(kilobytes * 1024, "MemAvailable"));
        foreach (var group in Groups(root))
        {
            if (Number(Path.Combine(group, "memory.max")) is { } max)
                limits.Add(Free(group, max, "memory.current", "inactive_file", "active_file", "cgroup memory.max"));
            if (Number(Path.Combine(group, "memory.limit_in_bytes")) is { } limit)
                limits.Add(Free(group, limit, "memory.usage_in_bytes", "total_inactive_file", "total_active_file", "cgroup memory.limit_in_bytes"));
        }
        // Elsewhere than on Linux.
        if (limits.Count == 0)
            limits.Add(new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, "physical memory"));
        return limits.MinBy(limit => limit.FreeBytes)!;
    }

    /// <summary>Cached file pages count as used, yet give way.</summary>
    private static HostMemory Free(string group, long limit, string usage, string inactive, string active, string name)
    {
        var statistics = Path.Combine(group, "memory.stat");
        var cached = (Field(statistics, inactive) ?? 0) + (Field(statistics, active) ?? 0);
        var used = Math.Max((Number(Path.Combine(group, usage)) ?? 0) - cached, 0);
        return new(Math.Max(limit - used, 0), name);
    }

    /// <summary>This process's group and those above it: each may have a limit.</summary>
    private static IEnumerable<string> Groups(string root)
    {
        var membership = Path.Combine(root, "proc/self/cgroup");
        if (!File.Exists(membership))
            yield break;
        foreach (var line in File.ReadAllLines(membership))
        {
            if (line.Split(':', 3) is not [_, var controllers, var path])
                continue;
            var mount = controllers.Length == 0 ? "sys/fs/cgroup" : controllers.Split(',').Contains("memory") ? "sys/fs/cgroup/memory" : null;
            if (mount is null)
                continue;
            for (var group = path.Trim('/'); ; group = Path.GetDirectoryName(group) ?? "")
            {
                yield return Path.Combine(root, mount, group);
                if (group.Length == 0)
                    break;
            }
        }
    }

    /// <summary>"max" is no number, and no limit.</summary>
    private static long? Number(string file) =>
        File.Exists(file) && long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static long? Field(string file, string name)
    {
        if (!File.Exists(file))
            return null;
        foreach (var line in File.ReadLines(file))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var field, var value, ..] && field == name)
                return long.Parse(value, CultureInfo.InvariantCulture);
        }
        return null;
    }
}
