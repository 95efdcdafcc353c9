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
    private readonly PriorityQueue<int, float> _top = new();

    /// <summary>A token of the whole vocabulary.</summary>
    /// <exception cref="GenerationFailedException">The logits aren't numbers.</exception>
    public int Sample(ReadOnlySpan<float> logits, Sampling sampling, uint seed, int place)
    {
        var best = TensorPrimitives.IndexOfMax(logits);
        if (!float.IsFinite(logits[best]))
            throw new GenerationFailedException("The model produced logits that aren't finite numbers: its file may be damaged.");
        if (sampling.IsGreedy)
            return best;
        if (sampling.TopK > 0 && sampling.TopK < logits.Length)
            return _candidates[Draw(Top(logits, sampling.TopK), sampling, seed, place)];
        for (var i = 0; i < logits.Length; i++)
            _candidates[i] = i;
        logits.CopyTo(_weights);
        return _candidates[Draw(logits.Length, sampling, seed, place)];
    }

    /// <summary>The place among <paramref name="allowed"/> of the token drawn; only those take part.</summary>
    /// <param name="allowed">Indices into <paramref name="tokens"/>, at least one.</param>
    public int Sample(
        ReadOnlySpan<float> logits, ReadOnlySpan<AnswerToken> tokens, ReadOnlySpan<int> allowed, Sampling sampling, uint seed, int place)
    {
        var best = 0;
        for (var i = 0; i < allowed.Length; i++)
        {
            _candidates[i] = i;
            _weights[i] = logits[tokens[allowed[i]].Id];
            if (_weights[i] > _weights[best])
                best = i;
        }
        return sampling.IsGreedy ? best : _candidates[Draw(allowed.Length, sampling, seed, place)];
    }

    /// <summary>Draws one of the first <paramref name="count"/> entries of the buffers, which hold logits; returns its place in them.</summary>
    private int Draw(int count, Sampling sampling, uint seed, int place)
    {
        var weights = _weights.AsSpan(0, count);
        TensorPrimitives.Subtract(weights, TensorPrimitives.Max<float>(weights), weights);
        TensorPrimitives.Divide(weights, sampling.Temperature, weights);
        TensorPrimitives.Exp(weights, weights);
        var kept = Keep(count, sampling);
        var wanted = Uniform(seed, place) * TensorPrimitives.Sum<float>(weights[..kept]);
        for (var i = 0; i < kept; i++)
        {
            wanted -= _weights[i];
            if (wanted < 0)
                return i;
        }
        return 0;
    }

    /// <summary>Puts the k largest logits into the buffers, in order of token, and returns k. One pass over the vocabulary, with a heap of k.</summary>
    private int Top(ReadOnlySpan<float> logits, int k)
    {
        _top.Clear();
        for (var token = 0; token < logits.Length; token++)
        {
            if (_top.Count < k)
                _top.Enqueue(token, logits[token]);
            else if (_top.TryPeek(out _, out var smallest) && logits[token] > smallest)
                _top.DequeueEnqueue(token, logits[token]);
        }
        var count = 0;
        foreach (var (token, _) in _top.UnorderedItems)
            _candidates[count++] = token;
        Array.Sort(_candidates, 0, count);
        for (var i = 0; i < count; i++)
            _weights[i] = logits[_candidates[i]];
        return count;
    }

    /// <summary>Brings the entries that top-k and top-p keep to the front, likeliest first, and returns how many there are.</summary>
    private int Keep(int count, Sampling sampling)
    {
        var top = sampling.TopK is > 0 and var k && k < count ? k : count;
        if (top == count && sampling.TopP >= 1f)
            return count;
        // What the tail can't add up to can't reach the nucleus: dropping it first keeps the sort short.
        var floor = sampling.TopP < 1f ? (1f - sampling.TopP) * TensorPrimitives.Sum<float>(_weights.AsSpan(0, count)) / count : 0f;
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
