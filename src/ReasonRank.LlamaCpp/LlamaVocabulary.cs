using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp.Gguf;
using ReasonRank.LlamaCpp.Native;

namespace ReasonRank.LlamaCpp;

/// <summary>The vocabulary of a GGUF model, with or without its weights. Thread-safe.</summary>
public sealed unsafe class LlamaVocabulary : ITokenizer, IDisposable
{
    private readonly ModelHandle _model;
    private readonly nint _vocabulary;

    internal LlamaVocabulary(ModelHandle model)
    {
        _model = model;
        _vocabulary = LlamaApi.llama_model_get_vocab(model);
        VocabularySize = LlamaApi.llama_vocab_n_tokens(_vocabulary);
        Metadata = ModelMetadata.Read(model);
    }

    public int VocabularySize { get; }

    /// <summary>The file's metadata as text, arrays excepted.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>general.architecture: "qwen2", "qwen3", ...</summary>
    public string Architecture => Metadata.GetValueOrDefault("general.architecture", "");

    /// <summary>Loads a model's vocabulary and leaves its weights, if there are any, alone.</summary>
    /// <exception cref="ModelLoadException">The file can't be used; says why.</exception>
    /// <exception cref="LlamaLibraryException">llama.cpp's libraries can't.</exception>
    public static LlamaVocabulary Load(string path, string? libraryDirectory = null, ILogger? logger = null)
    {
        LlamaLibrary.Load(libraryDirectory, logger ?? NullLogger.Instance);
        VocabularyRules.Check(ModelFile.Open(path));
        var parameters = LlamaApi.llama_model_default_params();
        parameters.vocab_only = 1;
        return new LlamaVocabulary(ModelLoader.Load(path, parameters));
    }

    /// <inheritdoc/>
    public int[] Tokenize(string text, bool parseSpecial)
    {
        if (text.Length == 0)
            return [];
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var tokens = Array.Empty<int>();
        try
        {
            var length = Encoding.UTF8.GetBytes(text, utf8);
            // Some tokenizers put a token of their own in front.
            tokens = ArrayPool<int>.Shared.Rent(length + 8);
            var count = Tokenize(utf8.AsSpan(0, length), tokens, parseSpecial);
            return count >= 0
                ? tokens.AsSpan(0, count).ToArray()
                : throw new ArgumentException("The text is too long to tokenize.", nameof(text));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
            if (tokens.Length > 0)
                ArrayPool<int>.Shared.Return(tokens);
        }
    }

    /// <inheritdoc/>
    public int TokenPiece(int token, Span<byte> destination)
    {
        using var model = Use(token);
        fixed (byte* bytes = destination)
            return LlamaApi.llama_token_to_piece(_vocabulary, token, bytes, destination.Length, lstrip: 0, special: true);
    }

    /// <inheritdoc/>
    public bool IsControl(int token)
    {
        using var model = Use(token);
        return LlamaApi.llama_vocab_is_control(_vocabulary, token);
    }

    /// <inheritdoc/>
    public bool IsEndOfGeneration(int token)
    {
        using var model = Use(token);
        return LlamaApi.llama_vocab_is_eog(_vocabulary, token);
    }

    public void Dispose() => _model.Dispose();

    private int Tokenize(ReadOnlySpan<byte> text, Span<int> tokens, bool parseSpecial)
    {
        using var model = Use(token: 0);
        fixed (byte* bytes = text)
        fixed (int* ids = tokens)
            return LlamaApi.llama_tokenize(_vocabulary, bytes, text.Length, ids, tokens.Length, add_special: false, parseSpecial);
    }

    /// <summary>Keeps the model from being freed during a call; llama.cpp itself checks no token's range.</summary>
    private Lease Use(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, VocabularySize);
        return new Lease(_model);
    }

    private readonly ref struct Lease
    {
        private readonly ModelHandle _model;

        public Lease(ModelHandle model)
        {
            var added = false;
            model.DangerousAddRef(ref added);
            _model = model;
        }

        public void Dispose() => _model.DangerousRelease();
    }
}
