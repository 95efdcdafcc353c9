using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ReasonRank.LlamaCpp.Native;

/// <summary>
/// Compares the loaded library's data layouts with <see cref="llama_model_params"/> and <see cref="llama_context_params"/>. Another
/// release has other layouts, and using it anyway is a segmentation fault without a word. The defaults that the library writes are
/// known, so each is looked for where its field should be.
/// </summary>
internal static unsafe class AbiCheck
{
    /// <summary>The release that the layouts in LlamaStructs.cs belong to.</summary>
    public const string Release = "v0.5.0";

    /// <summary>Larger than the parameters of any release, so that a call into a wrong one doesn't overwrite the stack.</summary>
    private const int Room = 1024;

    /// <exception cref="LlamaLibraryException">The layouts differ; the message names both releases.</exception>
    public static void Run(nint library, string release)
    {
        var model = Defaults(library, "llama_model_default_params", release);
        var context = Defaults(library, "llama_context_default_params", release);
        if (FindMismatch(model, context) is { } mismatch)
            throw Refusal(release, mismatch);
    }

    /// <summary>The first thing that isn't where the layouts have it, or null.</summary>
    public static string? FindMismatch(ReadOnlySpan<byte> model, ReadOnlySpan<byte> context)
    {
        if (Size(model) is var modelSize and not 0 && !Fits(modelSize, sizeof(llama_model_params)))
            return $"llama_model_params has {modelSize} bytes instead of {sizeof(llama_model_params)}";
        if (Size(context) is var contextSize and not 0 && !Fits(contextSize, sizeof(llama_context_params)))
            return $"llama_context_params has {contextSize} bytes instead of {sizeof(llama_context_params)}";
        return Find<llama_model_params>(model, ModelDefaults) ?? Find<llama_context_params>(context, ContextDefaults);
    }

    private static readonly (string Field, int Bits)[] ModelDefaults =
    [
        ("n_gpu_layers", -1), ("split_mode", 1), ("load_mode", -1), ("lazy_mode", 1), ("main_gpu", 0), ("vocab_only", 0x00010000),
    ];

    private static readonly (string Field, int Bits)[] ContextDefaults =
    [
        ("n_ctx", 512), ("n_batch", 2048), ("n_ubatch", 512), ("n_seq_max", 1), ("n_rs_seq", 0), ("n_outputs_max", 0),
        ("n_outputs_max_per_seq", 1), ("n_threads", 4), ("n_threads_batch", 4), ("ctx_type", 0), ("rope_scaling_type", -1),
        ("pooling_type", -1), ("attention_type", -1), ("flash_attn_type", -1), ("rope_freq_base", 0), ("yarn_ext_factor", MinusOne),
        ("yarn_beta_slow", MinusOne), ("defrag_thold", MinusOne), ("type_k", 1), ("type_v", 1), ("embeddings", 0x01010100),
    ];

    private static int MinusOne => BitConverter.SingleToInt32Bits(-1f);

    /// <summary>Four bytes at each field: an int, a float's bits, or four booleans, the first one lowest.</summary>
    private static string? Find<T>(ReadOnlySpan<byte> defaults, (string Field, int Bits)[] expected)
    {
        foreach (var (field, bits) in expected)
        {
            var offset = (int)Marshal.OffsetOf<T>(field);
            if (BinaryPrimitives.ReadInt32LittleEndian(defaults[offset..]) != bits)
                return $"the default of {typeof(T).Name}.{field} isn't at byte {offset}";
        }
        return null;
    }

    /// <summary>The bytes that a function returning a large struct writes, then one byte that marks the end, if that can be known.</summary>
    private static byte[] Defaults(nint library, string name, string release)
    {
        if (!NativeLibrary.TryGetExport(library, name, out var function))
            throw Refusal(release, $"it has no {name}");
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            var padded = ((delegate* unmanaged[Cdecl]<Padded>)function)();
            return new ReadOnlySpan<byte>(&padded, Room).ToArray();
        }
        // On x64 the caller passes the address for the result: with two different fills beneath, what wasn't written shows.
        byte[] first = new byte[Room], second = new byte[Room];
        Array.Fill(first, (byte)0xAA);
        Array.Fill(second, (byte)0x55);
        fixed (byte* a = first, b = second)
        {
            ((delegate* unmanaged[Cdecl]<byte*, byte*>)function)(a);
            ((delegate* unmanaged[Cdecl]<byte*, byte*>)function)(b);
        }
        var size = Room;
        while (size > 0 && first[size - 1] != second[size - 1])
            size--;
        return first[..size];
    }

    /// <summary>Bytes written, or 0 where that couldn't be seen.</summary>
    private static int Size(ReadOnlySpan<byte> defaults) => defaults.Length == Room ? 0 : defaults.Length;

    /// <summary>Padding at the end isn't written.</summary>
    private static bool Fits(int written, int size) => written <= size && written > size - 8;

    private static LlamaLibraryException Refusal(string release, string reason) => new(
        $"llama.cpp {release} was found where ReasonRank needs {Release}: {reason}.");

    [StructLayout(LayoutKind.Sequential, Size = Room)]
    private struct Padded
    {
        public byte First;
    }
}
