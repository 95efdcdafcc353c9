using System.Buffers.Binary;
using System.Text;

namespace ReasonRank.LlamaCpp.Gguf;

/// <summary>Reads the header of a GGUF file (versions 2 and 3) that may hold anything: every length is checked against the file's.</summary>
internal sealed class GgufReader(Stream stream)
{
    private enum Kind
    {
        U8, I8, U16, I16, U32, I32, F32, Bool, String, Array, U64, I64, F64,
    }

    private readonly byte[] _scratch = new byte[8];

    /// <exception cref="InvalidDataException">It's no GGUF, or its header is damaged: the message is a sentence without a subject.</exception>
    public static GgufHeader Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        try
        {
            return new GgufReader(file).Read();
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("is truncated: it ends within its header.");
        }
    }

    private GgufHeader Read()
    {
        if (stream.Length < 4 || !Bytes(4).SequenceEqual("GGUF"u8))
            throw new InvalidDataException("isn't a GGUF file.");
        var version = (uint)Integer(Kind.U32);
        if (version is not (2 or 3))
            throw new InvalidDataException(version > 0xFFFF ? "is a big-endian GGUF file." : $"is a GGUF file of version {version}; 2 and 3 can be read.");
        var tensorCount = Length(24);
        var entryCount = Length(13);

        var metadata = new Dictionary<string, object>();
        for (var i = 0L; i < entryCount; i++)
            metadata[String()] = Value((Kind)Integer(Kind.U32));

        var tensors = new List<GgufTensor>();
        for (var i = 0L; i < tensorCount; i++)
            tensors.Add(Tensor());

        var alignment = metadata.GetValueOrDefault("general.alignment") as long? ?? 32;
        // ggml asserts that tensors begin at multiples of 32.
        if (alignment is < 32 or > 1 << 20 || alignment % 32 != 0)
            throw Damaged();
        var offset = (stream.Position + alignment - 1) / alignment * alignment;
        return new GgufHeader(metadata, tensors, offset, stream.Length);
    }

    private GgufTensor Tensor()
    {
        var name = String();
        var dimensions = Integer(Kind.U32);
        if (dimensions is < 0 or > 4)
            throw Damaged();
        long elements = 1, row = 1;
        for (var i = 0; i < dimensions; i++)
        {
            var size = Integer(Kind.U64);
            if (size < 1 || elements > long.MaxValue / size)
                throw Damaged();
            elements *= size;
            if (i == 0)
                row = size;
        }
        var type = (int)Integer(Kind.U32);
        var offset = Integer(Kind.U64);
        return offset < 0 ? throw Damaged() : new GgufTensor(name, type, elements, row, offset);
    }

    private object Value(Kind kind) => kind switch
    {
        Kind.String => String(),
        Kind.Array => Array(),
        Kind.Bool => Integer(Kind.U8) != 0,
        Kind.F32 => (double)BinaryPrimitives.ReadSingleLittleEndian(Bytes(4)),
        Kind.F64 => BinaryPrimitives.ReadDoubleLittleEndian(Bytes(8)),
        _ => Integer(kind),
    };

    private GgufArray Array()
    {
        var kind = (Kind)Integer(Kind.U32);
        var count = Length(kind == Kind.String ? 8 : kind == Kind.Array ? throw Damaged() : Size(kind));
        if (kind != Kind.String)
        {
            Skip(count * Size(kind));
            return new GgufArray(count, count);
        }
        var distinct = new HashSet<string>();
        for (var i = 0L; i < count; i++)
            distinct.Add(String());
        return new GgufArray(count, distinct.Count);
    }

    private string String()
    {
        var length = Length(1);
        if (length > 1 << 24)
            throw Damaged();
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>A count of things that take at least so many bytes each.</summary>
    private long Length(int bytesEach)
    {
        var count = Integer(Kind.U64);
        if (count < 0)
            throw Damaged();
        return count <= (stream.Length - stream.Position) / bytesEach ? count : throw new EndOfStreamException();
    }

    private void Skip(long bytes) => stream.Seek(bytes, SeekOrigin.Current);

    private static int Size(Kind kind) => kind switch
    {
        Kind.U8 or Kind.I8 or Kind.Bool => 1,
        Kind.U16 or Kind.I16 => 2,
        Kind.U32 or Kind.I32 or Kind.F32 => 4,
        Kind.U64 or Kind.I64 or Kind.F64 => 8,
        _ => throw Damaged(),
    };

    private long Integer(Kind kind)
    {
        var bytes = Bytes(Size(kind));
        return kind switch
        {
            Kind.U8 or Kind.Bool => bytes[0],
            Kind.I8 => (sbyte)bytes[0],
            Kind.U16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            Kind.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            Kind.U32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            Kind.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        };
    }

    private ReadOnlySpan<byte> Bytes(int count)
    {
        stream.ReadExactly(_scratch, 0, count);
        return _scratch.AsSpan(0, count);
    }

    private static InvalidDataException Damaged() => new("is damaged: its header makes no sense.");
}
