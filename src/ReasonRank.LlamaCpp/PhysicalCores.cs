namespace ReasonRank.LlamaCpp;

/// <summary>
/// How many threads compute best: one for each physical core. More make ggml's threads spin for each other, which turns a step of
/// 0.6 ms into one of 100.
/// </summary>
internal static class PhysicalCores
{
    /// <summary>Physical cores, but no more than the processors that this process may use.</summary>
    /// <param name="root">Where sys is mounted.</param>
    public static int Count(string root = "/")
    {
        var usable = Environment.ProcessorCount;
        var folder = Path.Combine(root, "sys/devices/system/cpu");
        if (!Directory.Exists(folder))
            return usable;
        var cores = Directory.EnumerateDirectories(folder, "cpu*")
            .Select(cpu => (Package: Read(cpu, "physical_package_id"), Core: Read(cpu, "core_id")))
            .Where(core => core.Core is not null)
            .Distinct()
            .Count();
        return Math.Clamp(cores, 1, usable);
    }

    private static string? Read(string cpu, string name)
    {
        var file = Path.Combine(cpu, "topology", name);
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }
}
