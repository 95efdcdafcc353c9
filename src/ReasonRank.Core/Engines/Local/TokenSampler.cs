using System.Numerics.Tensors;
using ReasonRank.Engines.Local.Answers;

namespace ReasonRank.Engines.Local;

/// <summary>
/// Draws tokens from logits: temperature, then top-k, then top-p, in that order. A draw depends on the seed and the token's place in its
/// completion alone, so the same request draws the same tokens whatever runs beside it. One thread; its buffers are reused.
/// </summary>
internal sealed class TokenSampler(int vocabularySize)
{
    private readonly float[] _weights = new float[vocabularySize];
    private readonly int[] _candidates = new int[vocabularySize];
    private readonly float[] _keys = new float[vocabularySize];

    /// <summary>A token of the whole vocabulary.</summary>
    /// <exception cref="GenerationFailedException">The logits aren't numbers.</exception>
    public int Sample(ReadOnlySpan<float> logits, Sampling sampling, uint seed, int place)
    {
        var best = TensorPrimitives.IndexOfMax(logits);
        if (!float.IsFinite(logits[best]))
            throw new GenerationFailedException("The model produced logits that aren't finite numbers: its file may be damaged.");
        if (sampling.IsGreedy)
            return best;
        for (var i = 0; i < logits.Length; i++)
            _candidates[i] = i;
        logits.CopyTo(_weights);
        return _candidates[Draw(logits.Length, logits[best], sampling, seed, place)];
    }

    /// <summary>The place among <paramref name="allowed"/> of the token drawn; only those take part.</summary>
    /// <param name="allowed">Indices into <paramref name="tokens"/>, at least one.</param>
    public int Sample(
        ReadOnlySpan<float> logits, ReadOnlySpan<AnswerToken> tokens, ReadOnlySpan<int> allowed, Sampling sampling, uint seed, int place)
    {
        var best = 0;
        for (var i = 1; i < allowed.Length; i++)
        {
            if (logits[tokens[allowed[i]].Id] > logits[tokens[allowed[best]].Id])
                best = i;
        }
        if (sampling.IsGreedy)
            return best;
        for (var i = 0; i < allowed.Length; i++)
        {
            _candidates[i] = i;
            _weights[i] = logits[tokens[allowed[i]].Id];
        }
        return _candidates[Draw(allowed.Length, logits[tokens[allowed[best]].Id], sampling, seed, place)];
    }

    /// <summary>Draws one of the first <paramref name="count"/> entries of the buffers; returns its place in them.</summary>
    private int Draw(int count, float max, Sampling sampling, uint seed, int place)
    {
        var weights = _weights.AsSpan(0, count);
        TensorPrimitives.Subtract(weights, max, weights);
        TensorPrimitives.Divide(weights, sampling.Temperature, weights);
        TensorPrimitives.Exp(weights, weights);
        var kept = Sorted(count, sampling);
        var mass = 0f;
        for (var i = 0; i < kept; i++)
            mass += _weights[i];
        var wanted = Uniform(seed, place) * mass;
        for (var i = 0; i < kept; i++)
        {
            wanted -= _weights[i];
            if (wanted < 0)
                return i;
        }
        return 0;
    }

    /// <summary>Brings the entries that top-k and top-p keep to the front, likeliest first, and returns how many there are.</summary>
    private int Sorted(int count, Sampling sampling)
    {
        var top = sampling.TopK is > 0 and var k && k < count ? k : count;
        if (top == count && sampling.TopP >= 1f)
            return count;
        // What the tail can't add up to can't reach the nucleus: dropping it first keeps the sort short.
        var floor = sampling.TopP < 1f ? (1f - sampling.TopP) * TensorPrimitives.Sum(_weights.AsSpan(0, count)) / count : 0f;
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (_weights[i] < floor)
                continue;
            (_weights[kept], _candidates[kept]) = (_weights[i], _candidates[i]);
            kept++;
        }
        TensorPrimitives.Negate(_weights.AsSpan(0, kept), _keys.AsSpan(0, kept));
        Array.Sort(_keys, _candidates, 0, kept);
        TensorPrimitives.Negate(_keys.AsSpan(0, kept), _weights.AsSpan(0, kept));
        kept = Math.Min(kept, top);
        return sampling.TopP < 1f ? Nucleus(kept, sampling.TopP) : kept;
    }

    private int Nucleus(int kept, float topP)
    {
        var wanted = topP * TensorPrimitives.Sum(_weights.AsSpan(0, kept));
        var mass = 0f;
        for (var i = 0; i < kept; i++)
        {
            mass += _weights[i];
            if (mass >= wanted)
                return i + 1;
        }
        return kept;
    }

    /// <summary>A number in [0, 1) that only the seed and the place decide (the SplitMix64 finalizer).</summary>
    private static float Uniform(uint seed, int place)
    {
        var mixed = (((ulong)seed << 32) | (uint)place) + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 40) * (1f / (1 << 24));
    }
}
