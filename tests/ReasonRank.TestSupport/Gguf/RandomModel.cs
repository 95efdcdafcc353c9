namespace ReasonRank.TestSupport.Gguf;

/// <summary>
/// A Qwen2 or Qwen3 model with random weights, of any size. It writes nonsense, but like a real model: different prefixes lead to
/// different, clearly preferred tokens. Equal settings give equal files.
/// </summary>
internal sealed record RandomModel
{
    /// <summary>"qwen2" or "qwen3".</summary>
    public string Architecture { get; init; } = "qwen2";

    public int Layers { get; init; } = 2;

    public int Embedding { get; init; } = 64;

    public int Heads { get; init; } = 2;

    public int KeyValueHeads { get; init; } = 1;

    public int FeedForward { get; init; } = 128;

    public int Context { get; init; } = 4096;

    public int Vocabulary { get; init; } = 640;

    /// <summary>One matrix for embeddings and output.</summary>
    public bool IsTied { get; init; }

    public WeightType Type { get; init; } = WeightType.F32;

    public bool TwoDigitIds { get; init; }

    public bool ThinkTokens { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>The standard deviation of the logits, about.</summary>
    public float Peak { get; init; } = 4;

    /// <summary>102 million parameters in the shape of a small Qwen2, with its whole vocabulary: for benchmarks.</summary>
    public static RandomModel Of102M { get; } = new()
    {
        Layers = 8,
        Embedding = 512,
        Heads = 8,
        KeyValueHeads = 2,
        FeedForward = 1536,
        Context = 32_768,
        Vocabulary = 151_936,
        IsTied = true,
        Type = WeightType.Q8,
    };

    /// <summary>7.6 billion parameters in the shape of Qwen2.5-7B, in Q4_K: 4.3 GB, for a GPU.</summary>
    public static RandomModel Of7B { get; } = new()
    {
        Layers = 28,
        Embedding = 3584,
        Heads = 28,
        KeyValueHeads = 4,
        FeedForward = 18_944,
        Context = 32_768,
        Vocabulary = 152_064,
        Type = WeightType.Q4K,
    };

    private int HeadLength => Embedding / Heads;

    public void WriteTo(string path) => Build().WriteTo(path);

    /// <summary>The file before it's written: tests of bad files change it.</summary>
    public GgufWriter Build()
    {
        var file = new GgufWriter();
        Describe(file);
        new RandomModelVocabulary(Vocabulary, TwoDigitIds, ThinkTokens).WriteTo(file);
        AddWeights(file);
        return file;
    }

    private void Describe(GgufWriter file)
    {
        file.Set("general.architecture", Architecture)
            .Set("general.type", "model")
            .Set("general.name", $"Random {Architecture} {Seed}")
            .Set("general.quantization_version", 2)
            .Set($"{Architecture}.block_count", Layers)
            .Set($"{Architecture}.context_length", Context)
            .Set($"{Architecture}.embedding_length", Embedding)
            .Set($"{Architecture}.feed_forward_length", FeedForward)
            .Set($"{Architecture}.attention.head_count", Heads)
            .Set($"{Architecture}.attention.head_count_kv", KeyValueHeads)
            .Set($"{Architecture}.attention.key_length", HeadLength)
            .Set($"{Architecture}.attention.value_length", HeadLength)
            .Set($"{Architecture}.attention.layer_norm_rms_epsilon", 1e-6f)
            .Set($"{Architecture}.rope.freq_base", 1_000_000f);
    }

    private void AddWeights(GgufWriter file)
    {
        var random = new RandomNumbers(Seed);
        var output = Peak / MathF.Sqrt(Embedding);
        var width = HeadLength * Heads;
        var narrow = HeadLength * KeyValueHeads;

        Matrix("token_embd.weight", Embedding, Vocabulary, output);
        Ones("output_norm.weight", Embedding);
        if (!IsTied)
            Matrix("output.weight", Embedding, Vocabulary, output);
        for (var layer = 0; layer < Layers; layer++)
        {
            var prefix = $"blk.{layer}.";
            Ones(prefix + "attn_norm.weight", Embedding);
            Ones(prefix + "ffn_norm.weight", Embedding);
            // Larger queries and keys make attention choose, so that every token before counts differently.
            Matrix(prefix + "attn_q.weight", Embedding, width, 1.5f / MathF.Sqrt(Embedding));
            Matrix(prefix + "attn_k.weight", Embedding, narrow, 1.5f / MathF.Sqrt(Embedding));
            Matrix(prefix + "attn_v.weight", Embedding, narrow, 1 / MathF.Sqrt(Embedding));
            Matrix(prefix + "attn_output.weight", width, Embedding, 1 / MathF.Sqrt(width));
            if (Architecture == "qwen3")
            {
                Ones(prefix + "attn_q_norm.weight", HeadLength);
                Ones(prefix + "attn_k_norm.weight", HeadLength);
            }
            else
            {
                Bias(prefix + "attn_q.bias", width);
                Bias(prefix + "attn_k.bias", narrow);
                Bias(prefix + "attn_v.bias", narrow);
            }
            Matrix(prefix + "ffn_gate.weight", Embedding, FeedForward, 1.5f / MathF.Sqrt(Embedding));
            Matrix(prefix + "ffn_up.weight", Embedding, FeedForward, 1.5f / MathF.Sqrt(Embedding));
            Matrix(prefix + "ffn_down.weight", FeedForward, Embedding, 1 / MathF.Sqrt(FeedForward));
        }

        void Matrix(string name, int rowLength, int rows, float deviation) =>
            file.Matrix(name, rowLength, rows, Type, row => random.Fill(row, deviation));

        void Bias(string name, int length) => file.Vector(name, length, row => random.Fill(row, 0.1f));

        void Ones(string name, int length) => file.Vector(name, length, row => Array.Fill(row, 1f));
    }
}
