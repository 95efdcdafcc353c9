using ReasonRank.LlamaCpp;
using ReasonRank.TestSupport.Gguf;

namespace ReasonRank.ModelTests.LlamaCpp;

/// <summary>Each of these would otherwise fail late, crash the process, or rank with nonsense.</summary>
public sealed class BadModelTests
{
    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<ModelLoadException>(() => LlamaCppRuntime.Load(new LlamaCppOptions { Path = "no-such-folder/model.gguf" }));

        Assert.Equal("Model file 'no-such-folder/model.gguf' doesn't exist.", error.Message);
        Assert.Equal("no-such-folder/model.gguf", error.Path);
    }

    [Fact]
    public void A_file_of_another_kind_is_refused() => AssertRefused(HostileModels.WriteNoGguf, "isn't a GGUF file.");

    [Fact]
    public void An_empty_file_is_refused() => AssertRefused(path => File.WriteAllText(path, ""), "isn't a GGUF file.");

    [Theory]
    [InlineData(0.02, "is truncated: it ends within its header.")]
    [InlineData(0.5, "is truncated: ")]
    [InlineData(0.999, "is truncated: ")]
    public void A_truncated_file_is_refused(double share, string reason) =>
        AssertRefused(path => HostileModels.WriteTruncated(path, share), reason);

    [Fact]
    public void A_vocabulary_without_weights_is_refused() =>
        AssertRefused(HostileModels.WriteVocabularyOnly, "holds a vocabulary only, without weights.");

    [Fact]
    public void An_embedding_model_is_refused() => AssertRefused(HostileModels.WriteEmbeddingModel, "is an embedding or scoring model");

    [Fact]
    public void A_scoring_model_is_refused() => AssertRefused(HostileModels.WriteScoringModel, "is an embedding or scoring model");

    [Fact]
    public void An_encoder_is_refused() => AssertRefused(HostileModels.WriteEncoder, "is an encoder");

    [Fact]
    public void An_adapter_is_refused() => AssertRefused(HostileModels.WriteAdapter, "is a LoRA adapter");

    [Fact]
    public void A_part_of_a_split_model_asks_for_the_first() =>
        AssertRefused(path => HostileModels.WriteWith(path, "split.count", 3), "is a part of a model in 3 files: name the first");

    [Fact]
    public void An_architecture_that_no_ReasonRank_model_has_is_refused() =>
        AssertRefused(path => HostileModels.WriteWith(path, "general.architecture", "mamba"), "is of the architecture 'mamba'");

    [Theory]
    [InlineData("qwen2.attention.head_count", 7u)]
    [InlineData("qwen2.attention.key_length", 0u)]
    [InlineData("qwen2.attention.value_length", 2u)]
    [InlineData("qwen2.rope.dimension_count", 33u)]
    [InlineData("qwen2.rope.scaling.type", "quadratic")]
    [InlineData("qwen2.attention.layer_norm_rms_epsilon", float.NaN)]
    [InlineData("qwen2.expert_count", 8u)]
    [InlineData("qwen2.nextn_predict_layers", 2u)]
    [InlineData("qwen2.block_count", 0u)]
    [InlineData("qwen2.embedding_length", 4_000_000_000u)]
    public void Sizes_that_end_the_process_in_llama_cpp_are_refused_before(string key, object value) =>
        AssertRefused(path => HostileModels.WriteWith(path, key, value), $"is damaged: {key} is missing or makes no sense.");

    [Theory]
    [InlineData("general.alignment", 2u, "is damaged: its header makes no sense.")]
    [InlineData("tokenizer.ggml.model", "llama", "has a vocabulary of another kind")]
    [InlineData("tokenizer.ggml.tokens", new[] { "a", "b", "a" }, "is damaged: a token is in its vocabulary twice.")]
    public void Other_values_that_end_the_process_are_refused_too(string key, object value, string reason) =>
        AssertRefused(path => HostileModels.WriteWith(path, key, value), reason);

    [Fact]
    public void Weights_that_contradict_the_sizes_are_refused_in_the_words_of_llama_cpp() =>
        AssertRefused(path => HostileModels.WriteWith(path, "qwen2.feed_forward_length", 64u), "doesn't load: ", "ffn");

    [Fact]
    public void A_missing_vocabulary_is_refused() =>
        AssertRefused(path => HostileModels.WriteWithout(path, "tokenizer.ggml.tokens"), "has no vocabulary.");

    [Fact]
    public void A_header_with_random_damage_is_refused_or_loads_but_never_crashes()
    {
        using var good = TemporaryFile.With(new RandomModel { Layers = 1, Embedding = 32, Heads = 1, FeedForward = 32, Vocabulary = 460 }.WriteTo);
        var bytes = File.ReadAllBytes(good.Path);
        var refused = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var damaged = (byte[])bytes.Clone();
            damaged[random.Next(1500)] = (byte)random.Next(256);
            using var file = TemporaryFile.With(path => File.WriteAllBytes(path, damaged));
            try
            {
                Small(file.Path).Dispose();
            }
            catch (ModelLoadException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 30, 100);
    }

    [Fact]
    public void Small_heads_cannot_have_a_quantized_cache()
    {
        using var file = TemporaryFile.With(new RandomModel { Embedding = 64, Heads = 4 }.WriteTo);

        var error = Assert.Throws<ModelLoadException>(() => LlamaCppRuntime.Load(new LlamaCppOptions
        {
            Path = file.Path, Threads = 1, PoolCells = 256, CacheTypeK = CacheType.Q8_0,
        }));

        Assert.EndsWith("has heads of 16 elements: CacheTypeK Q8_0 packs 32 at a time, so use F16.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quantized_value_cache_needs_flash_attention()
    {
        var error = Assert.Throws<ArgumentException>(() => LlamaCppRuntime.Load(new LlamaCppOptions
        {
            Path = "any.gguf", CacheTypeV = CacheType.Q8_0, FlashAttention = FlashAttention.Off,
        }));

        Assert.StartsWith("CacheTypeV Q8_0 needs flash attention, which is off.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_chat_markers_loads_and_shows_that_it_has_none()
    {
        using var file = TemporaryFile.With(HostileModels.WriteWithoutChatMarkers);
        using var runtime = Small(file.Path);

        Assert.True(runtime.Tokenize("<|im_start|>", parseSpecial: true).Length > 1);
    }

    private static LlamaCppRuntime Small(string path) =>
        LlamaCppRuntime.Load(new LlamaCppOptions { Path = path, Threads = 1, PoolCells = 256, MaxSequences = 2, MicroBatchRows = 32 });

    private static void AssertRefused(Action<string> write, params string[] parts)
    {
        using var file = TemporaryFile.With(write);

        var error = Assert.Throws<ModelLoadException>(() => Small(file.Path));

        Assert.StartsWith($"Model file '{file.Path}' {parts[0]}", error.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
