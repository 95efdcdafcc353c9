using BenchmarkDotNet.Attributes;
using ReasonRank.Engines.Local;

namespace ReasonRank.Benchmarks.Micro;

/// <summary>Drawing one token from the logits of a Qwen-sized vocabulary.</summary>
[MemoryDiagnoser]
public class Sampling
{
    private const int Vocabulary = 151_936;

    private readonly float[] _logits = new float[Vocabulary];
    private readonly TokenSampler _sampler = new(Vocabulary);
    private int _place;

    [GlobalSetup]
    public void SetUp()
    {
        var random = new Random(1);
        for (var i = 0; i < _logits.Length; i++)
            _logits[i] = (float)(random.NextDouble() * 20);
    }

    [Benchmark(Description = "greedy draw from 151,936 logits | token")]
    public int Greedy() => _sampler.Sample(_logits, Engines.Sampling.Greedy, 1, _place++);

    [Benchmark(Description = "draw at top-k 20, top-p 0.95 | token")]
    public int TopKTopP() => _sampler.Sample(_logits, new Engines.Sampling(0.6f, 20, 0.95f), 1, _place++);
}
