using ReasonRank.LlamaCpp.Native;

namespace ReasonRank.LlamaCpp;

/// <summary>What only llama.cpp knows about an architecture.</summary>
internal static class ModelTraits
{
    /// <exception cref="ModelLoadException">Text isn't written token by token, or can't be rolled back and shared.</exception>
    public static void RequireDecoder(string path, ModelHandle model)
    {
        if (!LlamaApi.llama_model_has_decoder(model) || LlamaApi.llama_model_has_encoder(model))
            throw new ModelLoadException(path, "has an encoder: only decoder models can be served.");
        if (LlamaApi.llama_model_is_diffusion(model))
            throw new ModelLoadException(path, "is a diffusion model: only models that write token by token can be served.");
        if (LlamaApi.llama_model_is_recurrent(model) || LlamaApi.llama_model_is_hybrid(model))
            throw new ModelLoadException(path, "is a recurrent model: its memory can't be rolled back or shared, which batching needs.");
    }
}
