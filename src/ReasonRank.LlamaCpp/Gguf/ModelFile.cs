using System.Text.RegularExpressions;
using ReasonRank.LlamaCpp.Native;

namespace ReasonRank.LlamaCpp.Gguf;

/// <summary>A model on disk, described without loading it: one GGUF file, or all parts of a split one.</summary>
/// <param name="Path">The first file.</param>
/// <param name="Header">Its header, which holds all metadata.</param>
/// <param name="Tensors">Of all files: name and bytes.</param>
internal sealed partial record ModelFile(string Path, GgufHeader Header, IReadOnlyList<(string Name, long Bytes)> Tensors)
{
    public string Architecture => Header.Text("general.architecture") ?? "";

    public long WeightBytes => Tensors.Sum(tensor => tensor.Bytes);

    /// <summary>Reads the headers. llama.cpp's libraries must be loaded: they know the sizes of tensor types.</summary>
    /// <exception cref="ModelLoadException">A file is missing, no GGUF, damaged or truncated.</exception>
    public static ModelFile Open(string path)
    {
        var header = Read(path);
        var tensors = Measure(path, header).ToList();
        var parts = header.Number("split.count") ?? 1;
        if (parts > 1)
        {
            var name = PartName().Match(path);
            if (parts > 999 || !name.Success || header.Number("split.no") is not 0)
                throw new ModelLoadException(path, $"is a part of a model in {parts} files: name the first, which ends in -00001-of-{parts:00000}.gguf.");
            for (var part = 2; part <= parts; part++)
            {
                var other = $"{name.Groups[1].Value}-{part:00000}-of-{parts:00000}.gguf";
                tensors.AddRange(Measure(other, Read(other)));
            }
        }
        return new ModelFile(path, header, tensors);
    }

    private static GgufHeader Read(string path)
    {
        try
        {
            return GgufReader.Read(path);
        }
        catch (InvalidDataException error)
        {
            throw new ModelLoadException(path, error.Message);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelLoadException(path, "doesn't exist.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(path, "can't be read: " + error.Message, error);
        }
    }

    private static IEnumerable<(string Name, long Bytes)> Measure(string path, GgufHeader header)
    {
        foreach (var tensor in header.Tensors)
        {
            var block = tensor.Type is >= 0 and < GgmlApi.GGML_TYPE_COUNT ? GgmlApi.ggml_blck_size(tensor.Type) : 0;
            if (block == 0 || (long)GgmlApi.ggml_type_size(tensor.Type) is var size && size == 0)
                throw new ModelLoadException(path, $"has a tensor ({tensor.Name}) of type {tensor.Type}, which llama.cpp {AbiCheck.Release} doesn't know.");
            if (tensor.RowElements % block != 0 || tensor.Elements / block > long.MaxValue / size)
                throw new ModelLoadException(path, "is damaged: its header makes no sense.");
            var bytes = tensor.Elements / block * size;
            var room = header.FileLength - header.DataOffset - tensor.Offset;
            if (bytes > room)
                throw new ModelLoadException(path, $"is truncated: {tensor.Name} needs {bytes - Math.Max(room, 0):N0} bytes more than the file has.");
            yield return (tensor.Name, bytes);
        }
    }

    [GeneratedRegex(@"^(.*)-00001-of-\d{5}\.gguf$")]
    private static partial Regex PartName();
}
