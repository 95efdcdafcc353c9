namespace ReasonRank.LlamaCpp.Gguf;

/// <summary>
/// The sizes of a decoder, as its file gives them. llama.cpp takes most of them on trust and ends the process when they turn out
/// to contradict each other, so they're checked here.
/// </summary>
/// <param name="Context">Positions it was trained for.</param>
/// <param name="HeadLength">Elements of a key, and of a value, of one head.</param>
internal sealed record ModelShape(
    int Layers, int Embedding, int FeedForward, int Heads, int KeyValueHeads, int HeadLength, int Context, int Vocabulary)
{
    /// <exception cref="ModelLoadException">A size is missing, absurd, or contradicts another.</exception>
    public static ModelShape Of(ModelFile file)
    {
        var numbers = new ModelNumbers(file);
        var layers = numbers.Size("block_count", 512);
        var embedding = numbers.Size("embedding_length", 1 << 17);
        var feedForward = numbers.Size("feed_forward_length", 1 << 20);
        var context = numbers.Size("context_length", 1 << 30);
        var heads = numbers.Size("attention.head_count", 1024);
        var keyValueHeads = numbers.Size("attention.head_count_kv", 1024, otherwise: heads);
        var headLength = numbers.Size("attention.key_length", 1024, otherwise: embedding / heads);

        numbers.Require("attention.head_count", headLength % 2 == 0 && (file.Architecture != "qwen2" || heads * headLength == embedding));
        numbers.Require("attention.head_count_kv", heads % keyValueHeads == 0);
        numbers.Require("attention.value_length", numbers.Size("attention.value_length", 1024, otherwise: headLength) == headLength);
        numbers.Require("rope.dimension_count", numbers.Size("rope.dimension_count", 1024, otherwise: headLength) == headLength);
        numbers.Require("rope.scaling.type", numbers.Value("rope.scaling.type") is null or "none" or "linear" or "yarn" or "longrope");
        numbers.Require("attention.layer_norm_rms_epsilon", numbers.Value("attention.layer_norm_rms_epsilon") is >= 0d and < 1d);
        numbers.Require("expert_count", numbers.Value("expert_count") is null or 0L);
        numbers.Require("expert_used_count", numbers.Value("expert_used_count") is null or 0L);
        numbers.Require("nextn_predict_layers", numbers.Value("nextn_predict_layers") is null or 0L);
        return new ModelShape(layers, embedding, feedForward, heads, keyValueHeads, headLength, context, VocabularyRules.Check(file));
    }

    /// <summary>The architecture's own keys in the metadata.</summary>
    private sealed class ModelNumbers(ModelFile file)
    {
        public object? Value(string name) => file.Header.Metadata.GetValueOrDefault($"{file.Architecture}.{name}");

        public int Size(string name, int most, int? otherwise = null)
        {
            var value = Value(name);
            if (value is null && otherwise is { } size)
                return size;
            Require(name, value is long number && number > 0 && number <= most);
            return (int)(long)value!;
        }

        public void Require(string name, bool condition)
        {
            if (!condition)
                throw new ModelLoadException(file.Path, $"is damaged: {file.Architecture}.{name} is missing or makes no sense.");
        }
    }
}
