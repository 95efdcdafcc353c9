using System.Buffers.Binary;

namespace ReasonRank.TestSupport.Gguf;

/// <summary>Rows of weights in ggml's storage formats (ggml-common.h of llama.cpp v0.5.0 has the layouts).</summary>
internal static class WeightBlocks
{
    /// <summary>Bytes of a row.</summary>
    public static long Size(WeightType type, int length) => type switch
    {
        WeightType.F32 => 4L * length,
        WeightType.F16 => 2L * length,
        WeightType.Q8 => length / 32 * 34L,
        WeightType.Q4K => length / 256 * 144L,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public static void Encode(ReadOnlySpan<float> row, WeightType type, Span<byte> bytes)
    {
        switch (type)
        {
            case WeightType.F32:
                for (var i = 0; i < row.Length; i++)
                    BinaryPrimitives.WriteSingleLittleEndian(bytes[(4 * i)..], row[i]);
                break;
            case WeightType.F16:
                for (var i = 0; i < row.Length; i++)
                    BinaryPrimitives.WriteHalfLittleEndian(bytes[(2 * i)..], (Half)row[i]);
                break;
            case WeightType.Q8:
                for (var block = 0; block < row.Length / 32; block++)
                    Q8(row.Slice(32 * block, 32), bytes.Slice(34 * block, 34));
                break;
            default:
                for (var block = 0; block < row.Length / 256; block++)
                    Q4K(row.Slice(256 * block, 256), bytes.Slice(144 * block, 144));
                break;
        }
    }

    private static void Q8(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        var most = 0f;
        foreach (var value in values)
            most = Math.Max(most, Math.Abs(value));
        var scale = most / 127;
        BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)scale);
        for (var i = 0; i < values.Length; i++)
            bytes[2 + i] = scale == 0 ? (byte)0 : (byte)(sbyte)MathF.Round(values[i] / scale);
    }

    /// <summary>256 values in eight groups of 32, each with a scale and an offset of 6 bits on two scales of the block; 4 bits a value.</summary>
    private static void Q4K(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        Span<float> scales = stackalloc float[8];
        Span<float> offsets = stackalloc float[8];
        for (var group = 0; group < 8; group++)
        {
            var (low, high) = (0f, 0f);
            foreach (var value in values.Slice(32 * group, 32))
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            (scales[group], offsets[group]) = ((high - low) / 15, -low);
        }
        var (scale, offset) = ((float)(Half)(Largest(scales) / 63), (float)(Half)(Largest(offsets) / 63));
        BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)scale);
        BinaryPrimitives.WriteHalfLittleEndian(bytes[2..], (Half)offset);
        bytes[4..].Clear();
        for (var group = 0; group < 8; group++)
        {
            var factor = Rounded(scales[group], scale, 63);
            var shift = Rounded(offsets[group], offset, 63);
            Pack(bytes.Slice(4, 12), group, factor, shift);
            for (var i = 0; i < 32; i++)
            {
                var level = Rounded(values[32 * group + i] + offset * shift, scale * factor, 15);
                bytes[16 + 32 * (group / 2) + i] |= (byte)(level << 4 * (group % 2));
            }
        }
    }

    /// <summary>The first four groups keep their six bits in a byte of their own; the others' are spread over what is left of all twelve.</summary>
    private static void Pack(Span<byte> packed, int group, int factor, int shift)
    {
        if (group < 4)
        {
            packed[group] |= (byte)factor;
            packed[group + 4] |= (byte)shift;
            return;
        }
        packed[group + 4] = (byte)((factor & 15) | (shift & 15) << 4);
        packed[group - 4] |= (byte)(factor >> 4 << 6);
        packed[group] |= (byte)(shift >> 4 << 6);
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values)
            largest = Math.Max(largest, value);
        return largest;
    }

    private static int Rounded(float value, float unit, int most) => unit == 0 ? 0 : Math.Clamp((int)MathF.Round(value / unit), 0, most);
}
