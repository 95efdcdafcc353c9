namespace ReasonRank.LlamaCpp.Gguf;

/// <summary>The sizes of a decoder that decide about memory, as its file gives them.</summary>
/// <param name="Context">Positions it was trained for.</param>
/// <param name="KeyLength">Elements of a key of one head.</param>
/// <param name="KeyValueHeads">Heads with keys and values, one number a layer.</param>
internal sealed record ModelShape(
    int Layers,
    int Embedding,
    int FeedForward,
    int Heads,
    IReadOnlyList<int> KeyValueHeads,
    int KeyLength,
    int ValueLength,
    int Context,
    int Vocabulary)
{
    /// <exception cref="ModelLoadException">A size is missing or absurd.</exception>
    public static ModelShape Of(ModelFile file)
    {
        var layers = Required("block_count", 512);
        var embedding = Required("embedding_length", 1 << 18);
        var heads = PerLayer("attention.head_count", 1 << 12);
        var keyValueHeads = Has("attention.head_count_kv") ? PerLayer("attention.head_count_kv", 1 << 12) : heads;
        var mostHeads = heads.Max();
        if (mostHeads == 0 || Has("attention.key_length") is false && embedding % mostHeads != 0)
            throw Absurd("attention.head_count");
        if (heads.Zip(keyValueHeads).Any(pair => pair.Second > 0 && pair.First % pair.Second != 0))
            throw Absurd("attention.head_count_kv");
        if (Optional("expert_used_count", 0) > Optional("expert_count", 0) || Optional("expert_count", 0) > 512)
            throw Absurd("expert_count");
        var vocabulary = file.Header.Metadata.GetValueOrDefault("tokenizer.ggml.tokens") is GgufArray { Count: > 0 and < 1 << 24 } tokens
            ? (int)tokens.Count
            : throw new ModelLoadException(file.Path, "has no vocabulary.");
        return new ModelShape(
            layers,
            embedding,
            PerLayer("feed_forward_length", 1 << 20).Max(),
            mostHeads,
            keyValueHeads,
            (int)Optional("attention.key_length", embedding / mostHeads),
            (int)Optional("attention.value_length", embedding / mostHeads),
            Required("context_length", 1 << 30),
            vocabulary);

        bool Has(string name) => file.Header.Metadata.ContainsKey(Key(name));

        string Key(string name) => $"{file.Architecture}.{name}";

        ModelLoadException Absurd(string name) => new(file.Path, $"is damaged or no language model: {Key(name)} is missing or makes no sense.");

        int Required(string name, int most) => file.Header.Number(Key(name)) is { } value && value > 0 && value <= most ? (int)value : throw Absurd(name);

        long Optional(string name, long otherwise) => file.Header.Metadata.GetValueOrDefault(Key(name)) switch
        {
            null => otherwise,
            long value and >= 0 and <= 1 << 20 => value,
            _ => throw Absurd(name),
        };

        int[] PerLayer(string name, int most) => file.Header.Metadata.GetValueOrDefault(Key(name)) switch
        {
            long value when value > 0 && value <= most => [.. Enumerable.Repeat((int)value, layers)],
            GgufArray array when array.Integers.Count >= layers && array.Integers.All(value => value >= 0 && value <= most)
                => [.. array.Integers.Take(layers).Select(value => (int)value)],
            _ => throw Absurd(name),
        };
    }
}
