using System.Text;

namespace ReasonRank.Prompting;

/// <summary>Takes the look of a passage identifier from anything that is none: <c>[12]</c> in a text becomes <c>(12)</c>.</summary>
internal static class Identifiers
{
    public static string Disarm(string text)
    {
        StringBuilder? disarmed = null;
        var copied = 0;
        var open = text.IndexOf('[', StringComparison.Ordinal);
        while (open >= 0)
        {
            var close = EndOfDigits(text, open + 1);
            if (close > open + 1 && close < text.Length && text[close] == ']')
            {
                disarmed ??= new StringBuilder(text.Length);
                disarmed.Append(text, copied, open - copied).Append('(').Append(text, open + 1, close - open - 1).Append(')');
                copied = close + 1;
            }
            open = text.IndexOf('[', close);
        }
        return disarmed is null ? text : disarmed.Append(text, copied, text.Length - copied).ToString();
    }

    private static int EndOfDigits(string text, int index)
    {
        for (int length; (length = PythonText.DecimalLength(text, index)) > 0;)
            index += length;
        return index;
    }
}
