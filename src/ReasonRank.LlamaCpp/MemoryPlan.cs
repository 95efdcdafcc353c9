using ReasonRank.LlamaCpp.Gguf;
using ReasonRank.LlamaCpp.Native;

namespace ReasonRank.LlamaCpp;

/// <summary>How large the cache becomes, and what that takes of the host's memory and of the GPUs'.</summary>
/// <param name="Gpu">Null without layers on a GPU.</param>
internal sealed record MemoryPlan(int PoolCells, MemoryEstimate Host, MemoryEstimate? Gpu)
{
    /// <summary>llama.cpp rounds the cache up to this.</summary>
    private const int Padding = 256;

    /// <summary>A cache sized by itself leaves this much of the free memory to others.</summary>
    private const double Share = 0.8;

    /// <param name="parallel">Full windows wanted at once.</param>
    /// <param name="sequences">Rows of logits kept.</param>
    /// <exception cref="ModelLoadException">It doesn't fit; the message holds all figures.</exception>
    public static MemoryPlan For(
        ModelFile file,
        ModelShape shape,
        LlamaCppOptions options,
        int parallel,
        int sequences,
        HostMemory host,
        IReadOnlyList<Device> gpus)
    {
        var window = Pad(Math.Min(options.WindowCells, shape.Context));
        var wanted = Pad(options.PoolCells ?? (int)Math.Min((long)parallel * window, int.MaxValue / 2));
        var smallest = options.PoolCells is null ? window : wanted;
        // Every part grows with the cache, so the largest that fits is found by halving.
        if (options.PoolCells is null && !Fits(At(wanted), Share))
        {
            var (low, high) = (smallest / Padding, wanted / Padding);
            while (high - low > 1)
            {
                var middle = (low + high) / 2;
                if (Fits(At(middle * Padding), Share))
                    low = middle;
                else
                    high = middle;
            }
            wanted = low * Padding;
        }
        var plan = At(wanted);
        return Fits(plan, 1) ? plan : throw Refusal(plan);

        MemoryPlan At(int pool)
        {
            var layersOnGpu = gpus.Count == 0 ? 0 : Math.Min(options.GpuLayers ?? int.MaxValue, shape.Layers + 1);
            var firstOnGpu = Math.Max(shape.Layers - layersOnGpu, 0);
            var compute = MemoryEstimate.ComputeBytes(
                shape, pool, Math.Min(options.MicroBatchRows, pool), sequences, options.FlashAttention != FlashAttention.Off);
            var cellsOnHost = pool * MemoryEstimate.CellBytes(shape, options.CacheTypeK, options.CacheTypeV, firstOnGpu);
            if (layersOnGpu == 0)
                return new(pool, new(file.WeightBytes, cellsOnHost, compute), null);
            var cellsOnGpu = pool * MemoryEstimate.CellBytes(shape, options.CacheTypeK, options.CacheTypeV, shape.Layers - firstOnGpu);
            var output = layersOnGpu > shape.Layers;
            var weightsOnGpu = file.Tensors.Where(tensor => OnGpu(tensor.Name, firstOnGpu, output)).Sum(tensor => tensor.Bytes);
            // Without an output matrix of its own a model uses its embedding table at both ends: it's copied to the GPU.
            var tied = output && !file.Tensors.Any(tensor => tensor.Name == "output.weight")
                ? file.Tensors.Where(tensor => tensor.Name == "token_embd.weight").Sum(tensor => tensor.Bytes)
                : 0;
            var devices = options.SplitMode == SplitMode.None ? 1 : gpus.Count;
            return new(
                pool,
                new(file.WeightBytes - weightsOnGpu, cellsOnHost, firstOnGpu == 0 ? compute / 4 : compute),
                new(weightsOnGpu + tied, cellsOnGpu, compute * devices));
        }

        bool Fits(MemoryPlan plan, double share) =>
            plan.Host.Total <= host.FreeBytes * share && (plan.Gpu is not { } gpu || gpu.Total <= GpuBytes() * share);

        long GpuBytes() => options.SplitMode == SplitMode.None
            ? gpus[Math.Clamp(options.MainGpu, 0, gpus.Count - 1)].FreeBytes
            : gpus.Sum(gpu => gpu.FreeBytes);

        ModelLoadException Refusal(MemoryPlan plan)
        {
            var onHost = plan.Host.Total > host.FreeBytes;
            var (need, free, where) = onHost ? (plan.Host, host.FreeBytes, $"of memory ({host.Limit})") : (plan.Gpu!.Value, GpuBytes(), "of GPU memory");
            return new(
                file.Path,
                $"doesn't fit: {need} with {plan.PoolCells:N0} cells, and {MemoryEstimate.Size(free)} {where} are free. " +
                (onHost ? "Use fewer cells, a smaller quantization or more memory." : "Use fewer cells, a smaller quantization or fewer layers on the GPU."));
        }
    }

    private static int Pad(int cells) => (cells + Padding - 1) / Padding * Padding;

    /// <summary>Layers go to the GPU from the last one down, then what follows them. The embedding table stays on the host.</summary>
    private static bool OnGpu(string tensor, int firstLayer, bool output)
    {
        if (tensor.StartsWith("blk.", StringComparison.Ordinal))
            return int.TryParse(tensor.AsSpan(4, Math.Max(tensor.IndexOf('.', 4) - 4, 0)), out var layer) && layer >= firstLayer;
        return output && !tensor.StartsWith("token_embd.", StringComparison.Ordinal);
    }
}
