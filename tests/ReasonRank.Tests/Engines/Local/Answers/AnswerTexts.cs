using System.Text.RegularExpressions;

namespace ReasonRank.Tests.Engines.Local.Answers;

/// <summary>Texts of the answer language, and an oracle for it that shares no code with the automaton.</summary>
internal static partial class AnswerTexts
{
    public static readonly string[] Separators = [" > ", ">", " >", "> "];

    private static readonly string[] Spaces = ["", " ", "\n", "  ", "\n\n", " \n", "\n "];

    /// <summary>A random text of the language: one separator style throughout.</summary>
    public static string Random(Random random, int count, string separator)
    {
        var ids = Enumerable.Range(1, count).ToArray();
        random.Shuffle(ids);
        return $"</think>{Space(random)}<answer>{Space(random)}{string.Join(separator, ids.Select(id => $"[{id}]"))}{Space(random)}</answer>";
    }

    public static bool IsInLanguage(string text, int count)
    {
        var match = Shape().Match(text);
        if (!match.Success)
            return false;
        var ids = match.Groups["id"].Captures.Select(capture => capture.Value).ToArray();
        return ids.Length == count && ids.Order().SequenceEqual(Enumerable.Range(1, count).Select(id => $"{id}").Order());
    }

    private static string Space(Random random) => Spaces[random.Next(Spaces.Length)];

    [GeneratedRegex(@"\A</think>[ \n]{0,2}<answer>[ \n]{0,2}\[(?<id>[0-9]+)\](?: ?> ?\[(?<id>[0-9]+)\])*[ \n]{0,2}</answer>\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
