using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ReasonRank.Prompting;

/// <summary>
/// One pass over the character references of a text that end in a semicolon: the names of the HTML standard (html-entities.txt holds
/// each with its code points in hexadecimal, and the upper-case spellings of the unambiguous ones), and numbers.
/// </summary>
internal static class HtmlEntities
{
    /// <summary>Longer names aren't looked for.</summary>
    private const int LongestName = 24;

    private static readonly Lazy<FrozenDictionary<string, string>> Names = new(Load);

    /// <summary>Decodes every reference once; those that decoding uncovers are left for another pass.</summary>
    public static string Decode(string text)
    {
        StringBuilder? decoded = null;
        var copied = 0;
        for (var at = text.IndexOf('&', StringComparison.Ordinal); at >= 0;)
        {
            var end = EndOfReference(text, at);
            if (end > 0 && Expand(text.AsSpan(at + 1, end - at - 1)) is { } expansion)
            {
                decoded ??= new StringBuilder(text.Length);
                decoded.Append(text, copied, at - copied).Append(expansion);
                copied = end + 1;
            }
            at = text.IndexOf('&', at + 1);
        }
        return decoded is null ? text : decoded.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>The index of the semicolon of a reference that starts at <paramref name="at"/>; 0 when there is none.</summary>
    private static int EndOfReference(string text, int at)
    {
        var first = at + 1;
        if (first < text.Length && text[first] == '#')
            first++;
        var end = first;
        while (end < text.Length && end - first <= LongestName && char.IsAsciiLetterOrDigit(text[end]))
            end++;
        return end > first && end - first <= LongestName && end < text.Length && text[end] == ';' ? end : 0;
    }

    private static string? Expand(ReadOnlySpan<char> reference)
    {
        if (reference[0] == '#')
            return ExpandNumber(reference[1..]);
        return Names.Value.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(reference, out var expansion) ? expansion : null;
    }

    private static string? ExpandNumber(ReadOnlySpan<char> digits)
    {
        var isHexadecimal = digits[0] is 'x' or 'X';
        if (isHexadecimal)
            digits = digits[1..];
        if (digits.IsEmpty)
            return null;
        var code = 0;
        foreach (var digit in digits)
        {
            if (isHexadecimal ? !char.IsAsciiHexDigit(digit) : !char.IsAsciiDigit(digit))
                return null;
            var value = char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
            code = Math.Min((code * (isHexadecimal ? 16 : 10)) + value, 0x110000);
        }
        return Character(code);
    }

    /// <summary>What the HTML standard makes of a number; null for a semicolon, which the reference takes for a reference left over.</summary>
    private static string? Character(int code) => code switch
    {
        ';' => null,
        0 or > 0x10FFFF or (>= 0xD800 and <= 0xDFFF) => "\uFFFD",
        >= 0x80 and <= 0x9F => Windows1252.FromControl((char)code).ToString(),
        < 0x20 and not ('\t' or '\n' or '\f' or '\r') => "",
        0x7F or (>= 0xFDD0 and <= 0xFDEF) => "",
        _ when (code & 0xFFFE) == 0xFFFE => "",
        _ => char.ConvertFromUtf32(code),
    };

    private static FrozenDictionary<string, string> Load()
    {
        using var stream = typeof(HtmlEntities).Assembly.GetManifestResourceStream("ReasonRank.Prompting.html-entities.txt")!;
        using var reader = new StreamReader(stream);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            var codes = words.Skip(1).Select(word => int.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            names.Add(words[0], string.Concat(codes.Select(char.ConvertFromUtf32)));
        }
        return names.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
