using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;
using ReasonRank.TestSupport.Gguf;

namespace ReasonRank.ModelTests.LlamaCpp;

public class WeightBlocksTests
{
    [Theory]
    [InlineData(WeightType.F16, 0.01)]
    [InlineData(WeightType.Q8, 0.05)]
    [InlineData(WeightType.Q4K, 0.5)]
    public void A_stored_model_computes_nearly_what_its_exact_weights_do(WeightType type, double most)
    {
        var model = new RandomModel { Layers = 1, Embedding = 256, Heads = 4, KeyValueHeads = 2, FeedForward = 512, Context = 256 };

        var exact = Logits(model);
        var stored = Logits(model with { Type = type });

        var difference = exact.Zip(stored, (a, b) => (double)(a - b) * (a - b)).Sum() / exact.Sum(value => (double)value * value);
        Assert.InRange(Math.Sqrt(difference), 1e-7, most);
    }

    private static float[] Logits(RandomModel model)
    {
        using var file = TemporaryFile.With(model.WriteTo);
        using var runtime = LlamaCppRuntime.Load(RandomModelFixture.Exact(file.Path) with { PoolCells = 256 });
        var batch = new TokenBatch(8);
        foreach (var token in runtime.Tokenize("rank", parseSpecial: false).Take(8))
            batch.Add(token, batch.Count, 0, wantsLogits: true);
        Assert.Equal(DecodeStatus.Ok, runtime.Decode(batch));
        return runtime.Logits(batch.Count - 1).ToArray();
    }
}
