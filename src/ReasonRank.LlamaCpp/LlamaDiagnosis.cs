using Microsoft.Extensions.Logging;
using ReasonRank.LlamaCpp.Gguf;
using ReasonRank.LlamaCpp.Native;

namespace ReasonRank.LlamaCpp;

/// <summary>What can be said about llama.cpp and a model on this machine before loading any weights.</summary>
public static class LlamaDiagnosis
{
    /// <summary>Loads the libraries, checks that their data layouts are the expected ones, and names their release.</summary>
    /// <exception cref="LlamaLibraryException">They are missing or of another release.</exception>
    public static string LoadLibraries(string? directory, ILogger logger)
    {
        LlamaLibrary.Load(directory, logger);
        return LlamaLibrary.Release;
    }

    /// <summary>The processors and GPUs of the loaded backends, one line each.</summary>
    public static IReadOnlyList<string> DescribeDevices() =>
        [.. Devices.All().Select(device => $"{device.Name} ({device.Description}), {MemoryEstimate.Size(device.FreeBytes)} free")];

    /// <summary>What a model would take with these options, and of what, as a line.</summary>
    /// <exception cref="ModelLoadException">The file can't be served, or doesn't fit; says why.</exception>
    public static string EstimateMemory(LlamaCppOptions options)
    {
        var gpus = options.GpuLayers is 0 ? [] : Devices.Gpus();
        var settings = ContextSettings.From(options, gpus.Count > 0);
        var file = ModelFile.Open(options.Path);
        ModelKind.RequireGenerative(file);
        var shape = ModelShape.Of(file);
        settings.RequireCacheFor(file, shape);
        var host = HostMemory.Read();
        var plan = MemoryPlan.For(file, shape, options, settings.Parallel, settings.MaxSequences, host, gpus);
        var onGpu = plan.Gpu is { } gpu ? $"; on the GPU {gpu}" : "";
        return $"{plan.Host} with {plan.PoolCells:N0} cells for {settings.Parallel} windows at once{onGpu}; "
            + $"{MemoryEstimate.Size(host.FreeBytes)} are free ({host.Limit})";
    }
}
