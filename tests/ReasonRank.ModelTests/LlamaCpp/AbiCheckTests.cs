using System.Runtime.InteropServices;
using ReasonRank.LlamaCpp.Native;

namespace ReasonRank.ModelTests.LlamaCpp;

public sealed class AbiCheckTests(RandomQwen2Fixture fixture) : IClassFixture<RandomQwen2Fixture>
{
    private readonly byte[] _model = Bytes(LlamaApi.llama_model_default_params());
    private readonly byte[] _context = Bytes(LlamaApi.llama_context_default_params());

    [Fact]
    public void The_pinned_release_passes()
    {
        Assert.Contains("llama.cpp " + AbiCheck.Release, fixture.Runtime.Info.Description, StringComparison.Ordinal);
        Assert.Null(AbiCheck.FindMismatch(_model, _context));
    }

    [Fact]
    public void The_layouts_have_the_sizes_of_the_release() =>
        Assert.Equal((80, 160, 56), (Marshal.SizeOf<llama_model_params>(), Marshal.SizeOf<llama_context_params>(), Marshal.SizeOf<llama_batch>()));

    [Theory]
    [InlineData("llama_model_params.n_gpu_layers", 16)]
    [InlineData("llama_model_params.load_mode", 24)]
    public void A_field_more_in_the_model_parameters_is_found(string field, int at) =>
        Assert.StartsWith($"the default of {field} isn't", AbiCheck.FindMismatch(Shift(_model, at), _context), StringComparison.Ordinal);

    [Theory]
    [InlineData("llama_context_params.n_threads", 28)]
    [InlineData("llama_context_params.yarn_ext_factor", 64)]
    [InlineData("llama_context_params.embeddings", 120)]
    public void A_field_more_in_the_context_parameters_is_found(string field, int at) =>
        Assert.StartsWith($"the default of {field} isn't", AbiCheck.FindMismatch(_model, Shift(_context, at)), StringComparison.Ordinal);

    [Fact]
    public void A_field_more_at_the_end_is_found() =>
        Assert.Equal("llama_context_params has 168 bytes instead of 160", AbiCheck.FindMismatch(_model, [.. _context, .. new byte[8]]));

    [Fact]
    public void An_older_layout_is_found_by_its_size() =>
        Assert.Equal("llama_model_params has 72 bytes instead of 80", AbiCheck.FindMismatch(_model.AsSpan(0, 72), _context));

    [Fact]
    public void A_library_without_the_functions_is_refused_with_both_releases()
    {
        var libraries = Path.Combine(AppContext.BaseDirectory, "llama");
        var other = NativeLibrary.Load(Path.Combine(libraries, "libggml-base.so"));

        var error = Assert.Throws<ReasonRank.LlamaCpp.LlamaLibraryException>(() => AbiCheck.Run(other, "v0.3.0"));

        Assert.Equal("llama.cpp v0.3.0 was found where ReasonRank needs v0.5.0: it has no llama_model_default_params.", error.Message);
    }

    /// <summary>A release with four bytes more at an offset, at the same total size.</summary>
    private static byte[] Shift(byte[] bytes, int at) => [.. bytes[..at], 9, 9, 9, 9, .. bytes[at..^4]];

    private static byte[] Bytes<T>(T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();
}
