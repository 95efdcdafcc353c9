namespace ReasonRank.TestSupport.Gguf;

/// <summary>Files that must be refused with a sentence: each method writes one.</summary>
internal static class HostileModels
{
    private static readonly RandomModel Model = new() { Layers = 1, Embedding = 32, Heads = 1, FeedForward = 32 };

    public static void WriteNoGguf(string path) => File.WriteAllText(path, "<html>404 Not Found</html>");

    /// <param name="share">How much of the file is left, 0 to 1.</param>
    public static void WriteTruncated(string path, double share)
    {
        Model.WriteTo(path);
        using var file = new FileStream(path, FileMode.Open);
        file.SetLength((long)(file.Length * share));
    }

    /// <summary>As llama.cpp's own files with vocabularies: no tensors.</summary>
    public static void WriteVocabularyOnly(string path)
    {
        var file = new GgufWriter().Set("general.architecture", "qwen2");
        new RandomModelVocabulary(Model.Vocabulary).WriteTo(file);
        file.WriteTo(path);
    }

    /// <summary>As Qwen3-Embedding: a generative architecture that pools.</summary>
    public static void WriteEmbeddingModel(string path) =>
        (Model with { Architecture = "qwen3" }).Build().Set("qwen3.pooling_type", 3).WriteTo(path);

    /// <summary>As a cross-encoder: one score for a pair of texts.</summary>
    public static void WriteScoringModel(string path) =>
        Model.Build().Matrix("cls.output.weight", Model.Embedding, 1, WeightType.F32, row => Array.Fill(row, 1f)).WriteTo(path);

    public static void WriteEncoder(string path) =>
        Model.Build().Set("qwen2.attention.causal", false).WriteTo(path);

    public static void WriteAdapter(string path) => Model.Build().Set("general.type", "adapter").WriteTo(path);

    /// <summary>Loads, but has no token that opens or closes a turn.</summary>
    public static void WriteWithoutChatMarkers(string path)
    {
        var file = Model.Build();
        new RandomModelVocabulary(Model.Vocabulary, chatMarkers: false).WriteTo(file);
        file.WriteTo(path);
    }

    /// <summary>A size in the metadata that contradicts the tensors, or makes no sense at all.</summary>
    public static void WriteWith(string path, string key, object value) => Model.Build().Set(key, value).WriteTo(path);

    public static void WriteWithout(string path, string key) => Model.Build().Remove(key).WriteTo(path);
}
