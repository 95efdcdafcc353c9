using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

/// <summary>The scripted vocabulary with a token taken out or changed.</summary>
internal sealed class AlteredVocabulary : ITokenizer
{
    private readonly ScriptedVocabulary _vocabulary = new();

    /// <summary>Has no text, and text that would be it is tokenized as plain text.</summary>
    public int Missing { get; init; } = -1;

    /// <summary>No control token any more.</summary>
    public int Plain { get; init; } = -1;

    public int VocabularySize => _vocabulary.VocabularySize;

    public int[] Tokenize(string text, bool parseSpecial)
    {
        var tokens = _vocabulary.Tokenize(text, parseSpecial);
        return tokens.Contains(Missing) ? _vocabulary.Tokenize(text, parseSpecial: false) : tokens;
    }

    public int TokenPiece(int token, Span<byte> destination) => token == Missing ? 0 : _vocabulary.TokenPiece(token, destination);

    public bool IsControl(int token) => token != Plain && _vocabulary.IsControl(token);

    public bool IsEndOfGeneration(int token) => _vocabulary.IsEndOfGeneration(token);
}
