using System.Globalization;
using ReasonRank.LlamaCpp.Gguf;

namespace ReasonRank.LlamaCpp;

/// <summary>
/// What a model takes in one place, before it's loaded. With a mapped file a model that's too large loads all the same, and then
/// every step reads it from the disk again.
/// </summary>
/// <param name="Weights">Bytes of tensors.</param>
/// <param name="Cache">Bytes of keys and values.</param>
/// <param name="Compute">Bytes of intermediate results and logits.</param>
internal readonly record struct MemoryEstimate(long Weights, long Cache, long Compute)
{
    public long Total => Weights + Cache + Compute;

    public override string ToString() => $"weights {Size(Weights)} + cache {Size(Cache)} + compute buffers {Size(Compute)} = {Size(Total)}";

    public static string Size(long bytes) => bytes >= 1L << 30
        ? (bytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture) + " GiB"
        : (bytes / (double)(1L << 20)).ToString("0", CultureInfo.InvariantCulture) + " MiB";

    /// <summary>Bytes of cache that a cell takes in so many layers.</summary>
    public static long CellBytes(ModelShape shape, CacheType keys, CacheType values, int layers) =>
        (long)Math.Ceiling(layers * shape.KeyValueHeads * shape.HeadLength * (ElementBytes(keys) + ElementBytes(values)));

    /// <summary>
    /// Bytes of intermediate results: the attention mask, the widest point of the graph, and the logits. Measured on llama.cpp v0.5.0
    /// and rounded up.
    /// </summary>
    /// <param name="rows">Rows computed at once.</param>
    /// <param name="outputs">Rows of logits kept.</param>
    public static long ComputeBytes(ModelShape shape, int pool, int rows, int outputs, bool flashAttention)
    {
        var scores = (flashAttention ? 5L * pool / 2 : pool * (6L + (4L * shape.Heads))) * rows;
        var layer = 4L * rows * ((3L * shape.FeedForward) + (3L * shape.Embedding));
        var logits = 4L * outputs * shape.Vocabulary;
        return scores + Math.Max(layer, logits + (8L * rows * shape.Embedding)) + logits + (4 << 20);
    }

    /// <summary>A quantized type packs 32 elements with their scale.</summary>
    private static double ElementBytes(CacheType type) => type switch
    {
        CacheType.F32 => 4,
        CacheType.F16 or CacheType.BF16 => 2,
        CacheType.Q8_0 => 34 / 32d,
        CacheType.Q5_1 => 24 / 32d,
        CacheType.Q5_0 => 22 / 32d,
        CacheType.Q4_1 => 20 / 32d,
        CacheType.Q4_0 => 18 / 32d,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown cache type."),
    };
}
