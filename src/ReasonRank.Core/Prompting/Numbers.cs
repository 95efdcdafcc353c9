using System.Globalization;

namespace ReasonRank.Prompting;

/// <summary>The numbers in a text: runs of digits, whatever stands between them.</summary>
internal static class Numbers
{
    /// <summary>Python refuses to read longer runs.</summary>
    private const int LongestReferenceRun = 4300;

    /// <summary>Runs of decimal digits of any script.</summary>
    /// <param name="ceiling">Larger numbers come out as one more than this.</param>
    public static IEnumerable<int> Decimal(string text, int ceiling)
    {
        var value = -1;
        foreach (var rune in text.EnumerateRunes())
        {
            var digit = PythonText.DecimalValue(rune);
            if (digit >= 0)
            {
                value = Append(Math.Max(value, 0), digit, ceiling);
            }
            else if (value >= 0)
            {
                yield return value;
                value = -1;
            }
        }
        if (value >= 0)
            yield return value;
    }

    /// <summary>
    /// The numbers that the reference reads. It takes superscripts and circled digits for digits and then can't read them: one such
    /// character, or an endless run, and there are no numbers at all.
    /// </summary>
    public static IEnumerable<int> AsReference(string text, int ceiling) =>
        IsReadableToReference(text) ? Decimal(text, ceiling) : [];

    private static bool IsReadableToReference(string text)
    {
        var run = 0;
        for (var at = 0; at < text.Length; at += char.IsSurrogatePair(text, at) ? 2 : 1)
        {
            if (CharUnicodeInfo.GetDecimalDigitValue(text, at) >= 0)
                run++;
            else if (CharUnicodeInfo.GetDigitValue(text, at) >= 0)
                return false;
            else
                run = 0;
            if (run > LongestReferenceRun)
                return false;
        }
        return true;
    }

    private static int Append(int value, int digit, int ceiling) => (int)Math.Min((value * 10L) + digit, ceiling + 1L);
}
