using System.Buffers;
using System.Text;

namespace ReasonRank.Prompting;

/// <summary>
/// Repairs text as the reference does before it shows it to the model (ftfy 6 with its defaults), line by line to a fixed point:
/// HTML entities, C1 controls, ligatures, width, quotes, line breaks, surrogates, terminal escapes, control characters, NFC.
/// </summary>
/// <remarks>
/// Left out: the detector of text that was decoded with the wrong encoding ("Ã©" for "é"); such text reaches the model as it is.
/// Entities nested more than <see cref="MaxPasses"/> deep stay; each pass is linear.
/// </remarks>
internal static class TextFixer
{
    internal const int MaxPasses = 32;

    /// <summary>What no fix touches but a decoded entity.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code), '\t', '\n', '\f']);

    /// <summary>Fixes a text by itself. Entities are decoded up to the first line with a <c>&lt;</c>: from there it's taken for HTML.</summary>
    public static string Fix(string text) => Fix(text, decodeEntities: true);

    /// <summary>Fixes a text that stands in a prompt. The prompt's first line holds a <c>&lt;</c>, so no entity is decoded.</summary>
    public static string FixInPrompt(string text) => Fix(text, decodeEntities: false);

    private static string Fix(string text, bool decodeEntities)
    {
        if (IsPlain(text, decodeEntities))
            return text;
        var result = new StringBuilder(text.Length);
        for (var start = 0; start < text.Length;)
        {
            var lineFeed = text.IndexOf('\n', start);
            var end = lineFeed < 0 ? text.Length : lineFeed + 1;
            var line = text.AsSpan(start, end - start);
            decodeEntities &= !line.Contains('<');
            if (IsPlain(line, decodeEntities))
                result.Append(line);
            else
                result.Append(FixLine(line.ToString(), decodeEntities));
            start = end;
        }
        return result.ToString();
    }

    private static bool IsPlain(ReadOnlySpan<char> text, bool decodeEntities) =>
        !text.ContainsAnyExcept(Plain) && !(decodeEntities && text.Contains('&'));

    private static string FixLine(string line, bool decodeEntities)
    {
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var before = line;
            if (decodeEntities)
                line = HtmlEntities.Decode(line);
            line = TextNormalization.Compose(CharacterFixes.Apply(line));
            if (line == before)
                break;
        }
        return line;
    }
}
