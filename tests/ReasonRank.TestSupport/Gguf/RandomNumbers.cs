namespace ReasonRank.TestSupport.Gguf;

/// <summary>SplitMix64: the same numbers on every machine and in every release of .NET.</summary>
internal sealed class RandomNumbers(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Uniform numbers around 0 with the given standard deviation.</summary>
    public void Fill(float[] row, float deviation)
    {
        var width = deviation * MathF.Sqrt(12);
        for (var i = 0; i < row.Length; i++)
            row[i] = ((Next() >> 40) * (1f / (1 << 24)) - 0.5f) * width;
    }

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
