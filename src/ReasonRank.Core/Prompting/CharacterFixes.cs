using System.Buffers;
using System.Text;

namespace ReasonRank.Prompting;

/// <summary>
/// The fixes that look at one character at a time: C1 controls as Windows-1252, Latin ligatures, full and half width, curly quotes,
/// line breaks, lone surrogates; then terminal escapes and control characters.
/// </summary>
internal static class CharacterFixes
{
    private const string Ligatures =
        "\u0132IJ\0\u0133ij\0\u0149\u02BCn\0\u01F1DZ\0\u01F2Dz\0\u01F3dz\0\u01C4D\u017D\0\u01C5D\u017E\0\u01C6d\u017E\0\u01C7LJ\0"
        + "\u01C8Lj\0\u01C9lj\0\u01CANJ\0\u01CBNj\0\u01CCnj\0\uFB00ff\0\uFB01fi\0\uFB02fl\0\uFB03ffi\0\uFB04ffl\0\uFB05\u017Ft\0\uFB06st";

    private static readonly Dictionary<char, string> Expansions = BuildExpansions();

    private static readonly SearchValues<char> Mapped = SearchValues.Create([.. Expansions.Keys, '\r', .. Surrogates()]);

    private static readonly SearchValues<char> Controls = SearchValues.Create([.. AllChars().Where(IsControl)]);

    public static string Apply(string text) => RemoveControls(Map(text));

    /// <summary>What ftfy removes: controls without effect on text, not white space, joiners or direction marks.</summary>
    private static bool IsControl(char c) => c is <= '\u0008' or '\u000B' or (>= '\u000E' and <= '\u001F') or '\u007F'
        or (>= '\u206A' and <= '\u206F') or '\uFEFF' or (>= '\uFFF9' and <= '\uFFFC');

    private static string Map(string text)
    {
        var next = text.AsSpan().IndexOfAny(Mapped);
        if (next < 0)
            return text;
        var mapped = new StringBuilder(text.Length + 16);
        var rest = text.AsSpan();
        for (; next >= 0; next = rest.IndexOfAny(Mapped))
        {
            mapped.Append(rest[..next]);
            rest = rest[(next + MapOne(rest[next..], mapped))..];
        }
        return mapped.Append(rest).ToString();
    }

    /// <summary>Appends what the text's first character becomes; returns how many chars that took.</summary>
    private static int MapOne(ReadOnlySpan<char> text, StringBuilder mapped)
    {
        var c = text[0];
        if (char.IsSurrogate(c))
        {
            var isPair = text.Length > 1 && char.IsSurrogatePair(c, text[1]);
            mapped.Append(isPair ? text[..2] : "\uFFFD");
            return isPair ? 2 : 1;
        }
        mapped.Append(c == '\r' ? "\n" : Expansions[c]);
        return text.StartsWith("\r\n") ? 2 : 1;
    }

    private static string RemoveControls(string text)
    {
        var next = text.AsSpan().IndexOfAny(Controls);
        if (next < 0)
            return text;
        var kept = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        for (; next >= 0; next = rest.IndexOfAny(Controls))
        {
            kept.Append(rest[..next]);
            rest = rest[(next + Math.Max(1, EscapeLength(rest[next..])))..];
        }
        return kept.Append(rest).ToString();
    }

    /// <summary>The length of a terminal escape, <c>ESC [ digits-and-semicolons letter</c>, at the text's start; 0 when there is none.</summary>
    private static int EscapeLength(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("\u001B["))
            return 0;
        var end = 2;
        for (int length; (length = end < text.Length && text[end] == ';' ? 1 : PythonText.DecimalLength(text, end)) > 0;)
            end += length;
        return end < text.Length && char.IsAsciiLetter(text[end]) ? end + 1 : 0;
    }

    private static Dictionary<char, string> BuildExpansions()
    {
        // In the order of application: a ligature may hold a curly quote, a C1 control may stand for one.
        var expansions = Ligatures.Split('\0').ToDictionary(entry => entry[0], entry => Uncurl(entry[1..]));
        for (var c = '\u0080'; c <= '\u009F'; c++)
            expansions[c] = Uncurl(Windows1252.FromControl(c).ToString());
        expansions['\u3000'] = " ";
        for (var c = '\uFF01'; c < '\uFFF0'; c++)
        {
            var normal = c.ToString().Normalize(NormalizationForm.FormKC);
            if (normal[0] != c)
                expansions[c] = Uncurl(normal);
        }
        foreach (var quote in "\u02BC\u2018\u2019\u201A\u201B\u201C\u201D\u201E\u201F")
            expansions[quote] = Uncurl(quote.ToString());
        expansions['\u2028'] = "\n";
        expansions['\u2029'] = "\n";
        return expansions;
    }

    private static string Uncurl(string text) => string.Concat(text.Select(c => c switch
    {
        '\u02BC' or (>= '\u2018' and <= '\u201B') => '\'',
        >= '\u201C' and <= '\u201F' => '"',
        _ => c,
    }));

    private static IEnumerable<char> Surrogates() => AllChars().Where(char.IsSurrogate);

    private static IEnumerable<char> AllChars() => Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code);
}
