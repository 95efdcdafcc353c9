using ReasonRank.Prompting;

namespace ReasonRank.Tests.Engines.Local.Answers;

/// <summary>The answer format is defined twice, for the writer and for the parser: here they meet.</summary>
public sealed class AnswerLanguageParsingTests
{
    [Fact]
    public void Everything_in_the_answer_language_parses_as_sound()
    {
        var random = new Random(20250807);
        for (var i = 0; i < 500; i++)
        {
            var count = random.Next(1, 21);
            var text = "<think> [3] is better than [1]." + AnswerTexts.Random(random, count, AnswerTexts.Separators[i % AnswerTexts.Separators.Length]);

            var parsed = AnswerParser.Parse(text, count);

            Assert.Equal(AnswerStatus.Ok, parsed.Status);
            Assert.Equal(Written(text), parsed.Permutation.Select(item => $"{item + 1}"));
        }
    }

    /// <summary>What stands between the brackets after the answer tag, in order.</summary>
    private static IEnumerable<string> Written(string text) =>
        text[text.IndexOf("<answer>", StringComparison.Ordinal)..].Split('[').Skip(1).Select(part => part[..part.IndexOf(']', StringComparison.Ordinal)]);
}
