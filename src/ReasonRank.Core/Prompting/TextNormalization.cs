using System.Globalization;
using System.Text;

namespace ReasonRank.Prompting;

/// <summary>Unicode's composed form (NFC), total over any string and linear in its length.</summary>
public static class TextNormalization
{
    /// <summary>
    /// More combining marks in a row than this are left as they are: putting them in order takes quadratic time, and no text has them.
    /// </summary>
    private const int LongestMarkRun = 64;

    /// <summary>
    /// Whether this process can normalise at all. Without ICU, .NET leaves text as it is and no prompt with accents is exact, so a
    /// service checks this when it starts.
    /// </summary>
    public static bool IsAvailable => "e\u0301".Normalize(NormalizationForm.FormC) == "\u00E9";

    /// <summary>The text in NFC; lone surrogates and U+FFFE, which .NET refuses to normalise, stay.</summary>
    internal static string Compose(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        StringBuilder? composed = null;
        var start = 0;
        while (start < text.Length)
        {
            var obstacle = NextObstacle(text, start);
            if (obstacle.Start == text.Length && composed is null)
                return Normalize(text);
            composed ??= new StringBuilder(text.Length);
            composed.Append(Normalize(text[start..obstacle.Start])).Append(text, obstacle.Start, obstacle.End - obstacle.Start);
            start = obstacle.End;
        }
        return composed?.ToString() ?? text;
    }

    private static string Normalize(string text) =>
        text.IsNormalized(NormalizationForm.FormC) ? text : text.Normalize(NormalizationForm.FormC);

    /// <summary>The first stretch from <paramref name="start"/> on that can't, or shouldn't, be normalised; empty at the text's end when there is none.</summary>
    private static (int Start, int End) NextObstacle(string text, int start)
    {
        var marks = 0;
        var beforeMarks = start;
        for (var at = start; at < text.Length;)
        {
            if (char.IsAscii(text[at]))
            {
                marks = 0;
                beforeMarks = at++;
                continue;
            }
            var isWhole = Rune.TryGetRuneAt(text, at, out var rune);
            if (!isWhole || rune.Value == 0xFFFE)
                return (at, at + 1);
            if (!IsMark(rune))
            {
                marks = 0;
                beforeMarks = at;
            }
            else if (++marks > LongestMarkRun)
            {
                return (beforeMarks, EndOfMarks(text, at));
            }
            at += rune.Utf16SequenceLength;
        }
        return (text.Length, text.Length);
    }

    private static int EndOfMarks(string text, int at)
    {
        while (at < text.Length && Rune.TryGetRuneAt(text, at, out var rune) && IsMark(rune))
            at += rune.Utf16SequenceLength;
        return at;
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
