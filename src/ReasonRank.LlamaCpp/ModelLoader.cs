using ReasonRank.LlamaCpp.Native;

namespace ReasonRank.LlamaCpp;

/// <summary>llama.cpp's two loading calls, with what it logs in place of its null pointers.</summary>
internal static class ModelLoader
{
    public static ModelHandle Load(string path, llama_model_params parameters)
    {
        ModelHandle? model = null;
        var errors = LlamaLog.ErrorsOf(() => model = LlamaApi.llama_model_load_from_file(path, parameters));
        if (model is { IsInvalid: false })
            return model;
        model?.Dispose();
        throw new ModelLoadException(path, $"doesn't load: {errors}");
    }

    public static ContextHandle CreateContext(string path, ModelHandle model, llama_context_params parameters)
    {
        ContextHandle? context = null;
        var errors = LlamaLog.ErrorsOf(() => context = LlamaApi.llama_init_from_model(model, parameters));
        if (context is { IsInvalid: false })
        {
            context.Keep(model);
            return context;
        }
        context?.Dispose();
        throw new ModelLoadException(path, $"loads, but can't run with these options: {errors}");
    }
}
