using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;
using ReasonRank.TestSupport.Gguf;

namespace ReasonRank.ModelTests.LlamaCpp;

public sealed class LlamaCppRuntimeTests(RandomQwen2Fixture fixture) : IClassFixture<RandomQwen2Fixture>
{
    [Fact]
    public void The_sizes_are_those_asked_for()
    {
        var info = fixture.Runtime.Info;

        Assert.Equal(("Random qwen2 1", "qwen2", 1024, 64, 8, 768), (info.Model, info.Architecture, info.PoolCells, info.BatchRows, info.MaxSequences, info.TrainedContext));
        Assert.Equal("2", info.Metadata["qwen2.block_count"]);
        Assert.Equal(640, fixture.Runtime.VocabularySize);
    }

    [Fact]
    public void An_aborted_decode_is_rolled_back_and_done_again()
    {
        // Large enough that a decode takes a while.
        using var file = TemporaryFile.With(new RandomModel { Layers = 4, Embedding = 256, Heads = 4, FeedForward = 1024 }.WriteTo);
        using var runtime = LlamaCppRuntime.Load(
            RandomModelFixture.Exact(file.Path) with { PoolCells = 2048, BatchRows = 1024, MicroBatchRows = 128 });
        var prompt = Batch(sequence: 0, count: 1000);
        Assert.Equal(DecodeStatus.Ok, runtime.Decode(prompt));
        var expected = runtime.Logits(999).ToArray();
        runtime.SeqRemove(0, 0, -1);

        using var done = new CancellationTokenSource();
        var aborting = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
                runtime.Abort();
        });
        aborting.Start();
        var status = runtime.Decode(prompt);
        done.Cancel();
        aborting.Join();

        Assert.Equal(DecodeStatus.Aborted, status);
        Assert.InRange(runtime.SeqMaxPos(0), -1, 998);
        Assert.True(runtime.SeqRemove(0, 0, -1));
        Assert.Equal(-1, runtime.SeqMaxPos(0));
        Assert.Equal(DecodeStatus.Ok, runtime.Decode(prompt));
        Assert.Equal(expected, runtime.Logits(999).ToArray());
    }

    [Fact]
    public void A_step_allocates_nothing_on_the_managed_heap()
    {
        var runtime = fixture.Runtime;
        runtime.SeqRemove(0, 0, -1);
        var batch = new TokenBatch(8);
        Step(0);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var position = 1; position < 50; position++)
            Step(position);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step(int position)
        {
            batch.Clear();
            batch.Add(7, position, 0, wantsLogits: true);
            if (runtime.Decode(batch) != DecodeStatus.Ok || runtime.Logits(0)[0] == float.MaxValue)
                throw new InvalidOperationException("The step failed.");
        }
    }

    [Fact]
    public void An_empty_batch_is_refused() => Assert.Equal(DecodeStatus.InvalidBatch, fixture.Runtime.Decode(new TokenBatch(1)));

    [Fact]
    public void A_sequence_with_contents_is_no_destination_for_a_copy()
    {
        var runtime = fixture.Runtime;
        runtime.SeqRemove(0, 0, -1);
        runtime.SeqRemove(1, 0, -1);
        Assert.Equal(DecodeStatus.Ok, runtime.Decode(Batch(sequence: 0, count: 3)));
        Assert.Equal(DecodeStatus.Ok, runtime.Decode(Batch(sequence: 1, count: 3)));

        Assert.Throws<ArgumentException>(() => runtime.SeqCopy(0, 1, 0, 3));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(8)]
    public void A_sequence_id_that_llama_cpp_would_assert_on_is_an_argument_error(int sequence)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => fixture.Runtime.SeqMaxPos(sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => fixture.Runtime.SeqRemove(sequence, 0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => fixture.Runtime.SeqCopy(sequence, 0, 0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => fixture.Runtime.SeqCopy(0, sequence, 0, -1));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(640)]
    public void A_token_out_of_range_is_an_argument_error(int token)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => fixture.Runtime.TokenPiece(token, new byte[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => fixture.Runtime.IsControl(token));
        Assert.Throws<ArgumentOutOfRangeException>(() => fixture.Runtime.IsEndOfGeneration(token));
    }

    [Fact]
    public void A_disposed_runtime_throws_instead_of_crashing()
    {
        var runtime = LlamaCppRuntime.Load(RandomModelFixture.Exact(fixture.Path));
        runtime.Dispose();
        runtime.Dispose();

        runtime.Abort();
        Assert.Throws<ObjectDisposedException>(() => runtime.Decode(Batch(sequence: 0, count: 1)));
        Assert.Throws<ObjectDisposedException>(() => runtime.Logits(0).Length);
        Assert.Throws<ObjectDisposedException>(() => runtime.SeqMaxPos(0));
        Assert.Throws<ObjectDisposedException>(() => runtime.Tokenize("a", parseSpecial: false));
    }

    [Theory]
    [InlineData(WeightType.F16, CacheType.F16)]
    [InlineData(WeightType.Q8, CacheType.Q8_0)]
    public void Smaller_number_formats_stay_near_the_exact_result(WeightType weights, CacheType cache)
    {
        var exact = Last(WeightType.F32, CacheType.F32);
        var rounded = Last(weights, cache);

        // Logits of this model have a deviation of about 4.
        Assert.Equal(0, exact.Zip(rounded, (a, b) => Math.Pow(a - b, 2)).Average(), tolerance: 0.1);
        Assert.NotEqual(exact, rounded);

        static float[] Last(WeightType weights, CacheType cache)
        {
            using var file = TemporaryFile.With(new RandomModel { Type = weights }.WriteTo);
            using var runtime = LlamaCppRuntime.Load(RandomModelFixture.Exact(file.Path) with
            {
                CacheTypeK = cache, CacheTypeV = cache, FlashAttention = FlashAttention.Auto,
            });
            Assert.Equal(DecodeStatus.Ok, runtime.Decode(Batch(sequence: 0, count: 40)));
            return runtime.Logits(39).ToArray();
        }
    }

    private static TokenBatch Batch(int sequence, int count)
    {
        var batch = new TokenBatch(count);
        for (var i = 0; i < count; i++)
            batch.Add(i * 7 % 256, i, sequence, wantsLogits: i == count - 1);
        return batch;
    }
}
