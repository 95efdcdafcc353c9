namespace ReasonRank.LlamaCpp.Gguf;

/// <summary>Tells a model that writes text from everything else that comes as GGUF.</summary>
internal static class ModelKind
{
    /// <summary>Those of the models that ReasonRank was trained from.</summary>
    private static readonly string[] Served = ["qwen2", "qwen3"];

    /// <exception cref="ModelLoadException">The file is something else; the message says what.</exception>
    public static void RequireGenerative(ModelFile file)
    {
        if (Refusal(file) is { } reason)
            throw new ModelLoadException(file.Path, reason);
    }

    private static string? Refusal(ModelFile file)
    {
        var header = file.Header;
        if (file.Architecture.Length == 0)
            return "is damaged: it names no architecture.";
        if (header.Text("general.type") is "adapter")
            return "is a LoRA adapter, not a model: merge it into its base model first.";
        if (header.Text("general.type") is "mmproj" || file.Architecture == "clip")
            return "is an image encoder, not a language model.";
        if (file.Tensors.Count == 0)
            return "holds a vocabulary only, without weights.";
        // 0 is "none"; sentence-embedding and cross-encoder models pool the states of all tokens into one.
        if (header.Number($"{file.Architecture}.pooling_type") is > 0 || file.Tensors.Any(tensor => tensor.Name.StartsWith("cls.", StringComparison.Ordinal)))
            return "is an embedding or scoring model: it writes no text, and ReasonRank reasons in text.";
        if (header.Metadata.GetValueOrDefault($"{file.Architecture}.attention.causal") is false)
            return "is an encoder: it writes no text, and ReasonRank reasons in text.";
        if (!Served.Contains(file.Architecture))
            return $"is of the architecture '{file.Architecture}': ReasonRank models are {string.Join(" or ", Served)}.";
        return null;
    }
}
