using Microsoft.Win32.SafeHandles;

namespace ReasonRank.LlamaCpp.Native;

/// <summary>A llama_model: weights and vocabulary, or the vocabulary alone.</summary>
internal sealed class ModelHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LlamaApi.llama_model_free(handle);
        return true;
    }
}

/// <summary>A llama_context. Keeps its model alive.</summary>
internal sealed class ContextHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    private ModelHandle? _model;

    public void Keep(ModelHandle model)
    {
        var added = false;
        model.DangerousAddRef(ref added);
        _model = model;
    }

    protected override bool ReleaseHandle()
    {
        LlamaApi.llama_free(handle);
        _model?.DangerousRelease();
        return true;
    }
}
