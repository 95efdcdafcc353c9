namespace ReasonRank.LlamaCpp.Gguf;

/// <summary>What llama.cpp takes on trust about a vocabulary.</summary>
internal static class VocabularyRules
{
    /// <summary>The number of tokens.</summary>
    /// <exception cref="ModelLoadException">There's no vocabulary, or none that can be loaded safely.</exception>
    public static int Check(ModelFile file)
    {
        if (file.Header.Metadata.GetValueOrDefault("tokenizer.ggml.tokens") is not GgufArray { Count: > 0 and < 1 << 22 } tokens)
            throw new ModelLoadException(file.Path, "has no vocabulary.");
        if (tokens.Distinct < tokens.Count)
            throw new ModelLoadException(file.Path, "is damaged: a token is in its vocabulary twice.");
        if (file.Header.Text("tokenizer.ggml.model") is not "gpt2")
            throw new ModelLoadException(file.Path, "has a vocabulary of another kind than byte-level BPE ('gpt2'), which Qwen models use.");
        return (int)tokens.Count;
    }
}
