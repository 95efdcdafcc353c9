namespace ReasonRank.LlamaCpp.Gguf;

/// <summary>The description at the start of a GGUF file: metadata and the tensors that follow.</summary>
/// <param name="Metadata">Numbers as long or double, then bool, string, or <see cref="GgufArray"/>.</param>
/// <param name="DataOffset">Where the first tensor begins.</param>
/// <param name="FileLength">Bytes there are.</param>
internal sealed record GgufHeader(
    IReadOnlyDictionary<string, object> Metadata,
    IReadOnlyList<GgufTensor> Tensors,
    long DataOffset,
    long FileLength)
{
    public string? Text(string key) => Metadata.GetValueOrDefault(key) as string;

    public long? Number(string key) => Metadata.GetValueOrDefault(key) as long?;
}

/// <summary>A tensor's place, from the beginning of the data.</summary>
/// <param name="Type">A ggml_type.</param>
/// <param name="Elements">The product of all dimensions.</param>
/// <param name="RowElements">The first dimension, which quantization blocks divide.</param>
internal readonly record struct GgufTensor(string Name, int Type, long Elements, long RowElements, long Offset);

/// <summary>An array in the metadata: what's in it matters to llama.cpp alone.</summary>
/// <param name="Distinct">Different strings; of other arrays it's the count.</param>
internal sealed record GgufArray(long Count, long Distinct);
