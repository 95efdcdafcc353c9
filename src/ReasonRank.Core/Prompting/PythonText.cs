using System.Globalization;
using System.Text;

namespace ReasonRank.Prompting;

/// <summary>The notions of white space and digits under which the reference prepares prompts; .NET's differ in a few characters.</summary>
internal static class PythonText
{
    /// <summary>White space to Python's str.strip and \s: .NET's and the four information separators.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F';

    public static string Strip(string text)
    {
        var start = 0;
        var end = text.Length;
        while (start < end && IsSpace(text[start]))
            start++;
        while (end > start && IsSpace(text[end - 1]))
            end--;
        return end - start == text.Length ? text : text[start..end];
    }

    /// <summary>A decimal digit of any script: what \d matches and int() reads.</summary>
    public static bool IsDecimal(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;

    /// <summary>0 to 9 for a decimal digit of any script; -1 for any other character.</summary>
    public static int DecimalValue(Rune rune) => IsDecimal(rune) ? (int)Rune.GetNumericValue(rune) : -1;

    /// <summary>The length of the decimal digit at <paramref name="index"/>, in chars; 0 when there is none.</summary>
    public static int DecimalLength(ReadOnlySpan<char> text, int index)
    {
        if (index >= text.Length)
            return 0;
        if (char.IsAscii(text[index]))
            return char.IsAsciiDigit(text[index]) ? 1 : 0;
        _ = Rune.DecodeFromUtf16(text[index..], out var rune, out var length);
        return IsDecimal(rune) ? length : 0;
    }
}
