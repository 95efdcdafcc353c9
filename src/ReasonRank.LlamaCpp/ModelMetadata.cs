using System.Text;
using ReasonRank.LlamaCpp.Native;

namespace ReasonRank.LlamaCpp;

/// <summary>The key-value pairs of a loaded model, as llama.cpp prints them.</summary>
internal static unsafe class ModelMetadata
{
    private delegate int Reader(byte* buffer, nuint size);

    public static IReadOnlyDictionary<string, string> Read(ModelHandle model)
    {
        var metadata = new Dictionary<string, string>();
        for (var i = 0; i < LlamaApi.llama_model_meta_count(model); i++)
        {
            var index = i;
            var key = Text((buffer, size) => LlamaApi.llama_model_meta_key_by_index(model, index, buffer, size));
            metadata[key] = Text((buffer, size) => LlamaApi.llama_model_meta_val_str_by_index(model, index, buffer, size));
        }
        return metadata;
    }

    /// <summary>The calls return the length there would be, without the closing zero.</summary>
    private static string Text(Reader read)
    {
        var buffer = new byte[256];
        while (true)
        {
            fixed (byte* bytes = buffer)
            {
                var length = read(bytes, (nuint)buffer.Length);
                if (length < buffer.Length)
                    return Encoding.UTF8.GetString(buffer, 0, Math.Max(length, 0));
                buffer = new byte[length + 1];
            }
        }
    }
}
