using System.Numerics.Tensors;
using System.Runtime.InteropServices;
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

    /// <summary>The token with the largest of the logits, the first of several.</summary>
    /// <exception cref="GenerationFailedException">The logits aren't numbers.</exception>
    public static int Likeliest(ReadOnlySpan<float> logits)
    {
        var best = TensorPrimitives.Max(logits);
        RequireFinite(best);
        // As integers, which are searched for several at a time: far faster than asking for the index at once.
        return MemoryMarshal.Cast<float, int>(logits).IndexOf(BitConverter.SingleToInt32Bits(best));
    }

    /// <summary>A token of the whole vocabulary.</summary>
    /// <exception cref="GenerationFailedException">The logits aren't numbers.</exception>
    public int Sample(ReadOnlySpan<float> logits, Sampling sampling, uint seed, int place)
    {
        var likeliest = Likeliest(logits);
        if (sampling.IsGreedy)
            return likeliest;
        if (sampling.TopK > 0 && sampling.TopK < logits.Length)
            return _candidates[Draw(Top(logits, sampling.TopK), sampling, seed, place)];
        for (var i = 0; i < logits.Length; i++)
            _candidates[i] = i;
        logits.CopyTo(_weights);
        return _candidates[Draw(logits.Length, sampling, seed, place)];
    }

    /// <summary>The place among <paramref name="allowed"/> of the token drawn; only those take part.</summary>
    /// <param name="allowed">Indices into <paramref name="tokens"/>, at least one.</param>
    /// <exception cref="GenerationFailedException">The logits aren't numbers.</exception>
    public int Sample(
        ReadOnlySpan<float> logits, ReadOnlySpan<AnswerToken> tokens, ReadOnlySpan<int> allowed, Sampling sampling, uint seed, int place)
    {
        for (var i = 0; i < allowed.Length; i++)
        {
            _candidates[i] = i;
            _weights[i] = logits[tokens[allowed[i]].Id];
        }
        var best = TensorPrimitives.IndexOfMax<float>(_weights.AsSpan(0, allowed.Length));
        RequireFinite(_weights[best]);
        return sampling.IsGreedy ? best : _candidates[Draw(allowed.Length, sampling, seed, place)];
    }

    /// <param name="best">The largest of the logits, or one that is no number: those count as larger.</param>
    private static void RequireFinite(float best)
    {
        if (!float.IsFinite(best))
            throw new GenerationFailedException("The model produced logits that aren't finite numbers: its file may be damaged.");
    }

    /// <summary>Draws one of the first <paramref name="count"/> entries of the buffers, which hold logits; returns its place in them.</summary>
    private int Draw(int count, Sampling sampling, uint seed, int place)
    {
        var weights = _weights.AsSpan(0, count);
        TensorPrimitives.Subtract(weights, TensorPrimitives.Max<float>(weights), weights);
        TensorPrimitives.Divide(weights, sampling.Temperature, weights);
        TensorPrimitives.Exp(weights, weights);
        weights = weights[..Keep(count, sampling)];
        // Both loops add up alike, and in double a share of less than 1 stays below the whole: the second always ends at an entry with a weight.
        var mass = 0d;
        foreach (var weight in weights)
            mass += weight;
        var wanted = Uniform(seed, place) * mass;
        var drawn = 0;
        for (var passed = (double)weights[0]; passed <= wanted; passed += weights[drawn])
            drawn++;
        return drawn;
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

    /// <summary>Brings the entries that top-k and top-p keep to the front and returns how many there are.</summary>
    private int Keep(int count, Sampling sampling)
    {
        var top = sampling.TopK is > 0 and var k && k < count ? k : count;
        if (top == count && sampling.TopP >= 1f)
            return count;
        var sum = Sum(count);
        // What the tail can't add up to can't reach the nucleus: dropping it first keeps the sort short.
        var kept = top == count ? KeepFrom((1f - sampling.TopP) * sum / count, count) : count;
        Sort(kept);
        if (top < count)
            (kept, sum) = (top, Sum(top)); // top-p takes its share of what top-k leaves
        return sampling.TopP < 1f ? Nucleus(kept, sampling.TopP * sum) : kept;
    }

    private int KeepFrom(float floor, int count)
    {
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (_weights[i] < floor)
                continue;
            (_weights[kept], _candidates[kept]) = (_weights[i], _candidates[i]);
            kept++;
        }
        return kept;
    }

    /// <summary>How many of the entries, largest first, are needed for a mass.</summary>
    private int Nucleus(int count, float wanted)
    {
        var mass = 0f;
        for (var i = 0; i < count; i++)
        {
            mass += _weights[i];
            if (mass >= wanted)
                return i + 1;
        }
        return count;
    }

    private float Sum(int count) => TensorPrimitives.Sum<float>(_weights.AsSpan(0, count));

    /// <summary>Largest first.</summary>
    private void Sort(int count)
    {
        TensorPrimitives.Negate(_weights.AsSpan(0, count), _keys.AsSpan(0, count));
        Array.Sort(_keys, _candidates, 0, count);
        TensorPrimitives.Negate(_keys.AsSpan(0, count), _weights.AsSpan(0, count));
    }

    /// <summary>A number in [0, 1) that only the seed and the place decide (the SplitMix64 finalizer).</summary>
    private static double Uniform(uint seed, int place)
    {
        var mixed = (((ulong)seed << 32) | (uint)place) + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1d / (1L << 53));
    }
}
