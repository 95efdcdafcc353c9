using System.Globalization;
using System.Text.RegularExpressions;
using ReasonRank.Engines;

namespace ReasonRank.Tests.Prompting;

/// <summary>A tokenizer whose tokens are the matches of an expression; lossless, as the golden cases' stubs are.</summary>
internal sealed partial class StubTokenCounter(Regex token) : ITokenCounter
{
    /// <summary>One token a code point.</summary>
    public static StubTokenCounter CharTok { get; } = new(CodePoints());

    /// <summary>One token a word, with the white space before it.</summary>
    public static StubTokenCounter WordTok { get; } = new(Words());

    public static StubTokenCounter Find(string name) => name switch
    {
        "CharTok" => CharTok,
        "WordTok" => WordTok,
        _ => throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"No stub is called {name}.")),
    };

    public int CountTokens(string text) => token.Count(text);

    public string Truncate(string text, int maxTokens)
    {
        var kept = 0;
        foreach (var match in token.EnumerateMatches(text))
        {
            if (maxTokens-- == 0)
                return text[..kept];
            kept = match.Index + match.Length;
        }
        return text;
    }

    [GeneratedRegex(@"[\uD800-\uDBFF][\uDC00-\uDFFF]|[\s\S]")]
    private static partial Regex CodePoints();

    [GeneratedRegex(@"\s*\S+|\s+$")]
    private static partial Regex Words();
}
