using System.Buffers.Binary;
using System.Text;

namespace ReasonRank.TestSupport.Gguf;

/// <summary>How a tensor's numbers are stored. The values are ggml's.</summary>
public enum WeightType
{
    F32 = 0,
    F16 = 1,

    /// <summary>Blocks of 32 bytes with one scale: rows must be multiples of 32.</summary>
    Q8 = 8,

    /// <summary>Blocks of 256 values in 144 bytes: rows must be multiples of 256.</summary>
    Q4K = 12,
}

/// <summary>Writes GGUF files, version 3: metadata, then tensors whose rows are made while they are written.</summary>
internal sealed class GgufWriter
{
    private const int Alignment = 32;

    private readonly List<(string Key, object Value)> _metadata = [];
    private readonly List<Tensor> _tensors = [];

    private sealed record Tensor(string Name, int RowLength, int Rows, bool IsVector, WeightType Type, Action<float[]> FillRow)
    {
        public long Bytes => Rows * WeightBlocks.Size(Type, RowLength);
    }

    /// <summary>Sets a value: bool, int, uint, float, string, string[] or int[].</summary>
    public GgufWriter Set(string key, object value)
    {
        _metadata.RemoveAll(entry => entry.Key == key);
        _metadata.Add((key, value));
        return this;
    }

    public GgufWriter Remove(string key)
    {
        _metadata.RemoveAll(entry => entry.Key == key);
        return this;
    }

    /// <param name="fillRow">Fills one row; called for each in turn.</param>
    public GgufWriter Matrix(string name, int rowLength, int rows, WeightType type, Action<float[]> fillRow)
    {
        _tensors.Add(new Tensor(name, rowLength, rows, IsVector: false, type, fillRow));
        return this;
    }

    /// <summary>Vectors stay F32: quantizing them saves nothing.</summary>
    public GgufWriter Vector(string name, int length, Action<float[]> fill)
    {
        _tensors.Add(new Tensor(name, length, Rows: 1, IsVector: true, WeightType.F32, fill));
        return this;
    }

    public void WriteTo(string path)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((long)_tensors.Count);
        writer.Write((long)_metadata.Count);
        foreach (var (key, value) in _metadata)
        {
            Write(writer, key);
            WriteValue(writer, value);
        }
        var offset = 0L;
        foreach (var tensor in _tensors)
        {
            Write(writer, tensor.Name);
            writer.Write(tensor.IsVector ? 1u : 2u);
            writer.Write((long)tensor.RowLength);
            if (!tensor.IsVector)
                writer.Write((long)tensor.Rows);
            writer.Write((uint)tensor.Type);
            writer.Write(offset);
            offset += Padded(tensor.Bytes);
        }
        Pad(writer);
        foreach (var tensor in _tensors)
        {
            Write(writer, tensor);
            Pad(writer);
        }
    }

    private static void WriteValue(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case uint number:
                writer.Write(4u);
                writer.Write(number);
                break;
            case int number:
                writer.Write(4u);
                writer.Write(checked((uint)number));
                break;
            case float number:
                writer.Write(6u);
                writer.Write(number);
                break;
            case bool flag:
                writer.Write(7u);
                writer.Write(flag);
                break;
            case string text:
                writer.Write(8u);
                Write(writer, text);
                break;
            case string[] texts:
                writer.Write(9u);
                writer.Write(8u);
                writer.Write((long)texts.Length);
                foreach (var text in texts)
                    Write(writer, text);
                break;
            case int[] numbers:
                writer.Write(9u);
                writer.Write(5u);
                writer.Write((long)numbers.Length);
                foreach (var number in numbers)
                    writer.Write(number);
                break;
            default:
                throw new ArgumentException($"No GGUF type for {value.GetType()}.", nameof(value));
        }
    }

    private static void Write(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }

    private static void Write(BinaryWriter writer, Tensor tensor)
    {
        var row = new float[tensor.RowLength];
        var bytes = new byte[tensor.Bytes / tensor.Rows];
        for (var i = 0; i < tensor.Rows; i++)
        {
            tensor.FillRow(row);
            WeightBlocks.Encode(row, tensor.Type, bytes);
            writer.Write(bytes);
        }
    }

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private static void Pad(BinaryWriter writer)
    {
        var length = writer.BaseStream.Position;
        writer.Write(new byte[Padded(length) - length]);
    }
}
