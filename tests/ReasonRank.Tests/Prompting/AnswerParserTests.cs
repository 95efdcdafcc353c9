using ReasonRank.Prompting;

namespace ReasonRank.Tests.Prompting;

public class AnswerParserTests
{
    public static TheoryData<string, string> Golden => GoldenCases.Names("parse.json", "parse-more.json");

    [Theory]
    [MemberData(nameof(Golden))]
    public void The_reference_mode_reads_what_the_reference_reads(string file, string name)
    {
        var golden = GoldenCases.Find(file, name);

        var parsed = AnswerParser.Parse(
            golden.GetProperty("response").GetString()!, golden.GetProperty("num_passages").GetInt32(), mode: ParseMode.Reference);

        Assert.Equal(golden.GetProperty("permutation").EnumerateArray().Select(id => id.GetInt32()), Ids(parsed));
    }

    [Theory]
    [InlineData("<think>a [9]</think>\n\n<answer>[2] > [1] > [3]</answer>", 3, AnswerStatus.Ok, "2 1 3")]
    [InlineData("<THINK>[3]</THINK><ANSWER>[2] > [1] > [3]</ANSWER>", 3, AnswerStatus.Ok, "2 1 3")]
    [InlineData("<think>[3] or [2]", 3, AnswerStatus.Fallback, "1 2 3")]
    [InlineData("\n <think>[3] or [2]", 3, AnswerStatus.Fallback, "1 2 3")]
    [InlineData("<think>[3] <answer>[1]</answer> hm <answer>[2] > [3] > [1]</answer> 90%", 3, AnswerStatus.Ok, "2 3 1")]
    [InlineData("<think>a</think>[2] > [3] > [1]", 3, AnswerStatus.Ok, "2 3 1")]
    [InlineData("<think>a</think><answer>[2] > [1]</answer> or <answer>[1] > [2]</answer>", 2, AnswerStatus.Ok, "2 1")]
    [InlineData("<think>[1]</think> no <think>[2]</think><answer>[3]</answer>", 3, AnswerStatus.Repaired, "3 1 2")]
    [InlineData("[2] > [3] > [1]", 3, AnswerStatus.Ok, "2 3 1")]
    [InlineData("<think>x</think><answer>[3]² > [1] > ③ > [2]</answer>", 3, AnswerStatus.Ok, "3 1 2")]
    [InlineData("<think>x</think><answer>[３] > [١] > [𝟐]</answer>", 3, AnswerStatus.Ok, "3 1 2")]
    [InlineData("<think>x</think><answer>[99999999999999999999] > [2]</answer>", 2, AnswerStatus.Repaired, "2 1")]
    [InlineData("<think>x</think><answer>none</answer>", 2, AnswerStatus.Fallback, "1 2")]
    [InlineData("<think><answer>[2] > [1]</answer></think>", 2, AnswerStatus.Fallback, "1 2")]
    [InlineData("", 1, AnswerStatus.Fallback, "1")]
    public void The_safe_mode_never_reads_the_reasoning(string response, int count, AnswerStatus status, string expected)
    {
        var parsed = AnswerParser.Parse(response, count);

        Assert.Equal(expected, string.Join(' ', Ids(parsed)));
        Assert.Equal(status, parsed.Status);
    }

    [Theory]
    [InlineData("<think>[3] or", AnswerStatus.Truncated, "1 2 3")]
    [InlineData("<think>a</think><answer>", AnswerStatus.Truncated, "1 2 3")]
    [InlineData("<think>a</think><answer>[3] > [", AnswerStatus.Repaired, "3 1 2")]
    [InlineData("<think>a</think><answer>[3] > [1] > [2]", AnswerStatus.Ok, "3 1 2")]
    public void A_cut_output_without_an_identifier_is_truncated(string response, AnswerStatus status, string expected)
    {
        var parsed = AnswerParser.Parse(response, 3, wasCut: true);

        Assert.Equal(expected, string.Join(' ', Ids(parsed)));
        Assert.Equal(status, parsed.Status);
    }

    [Theory]
    [InlineData("[4] > [2]", 2, AnswerStatus.Ok)]
    [InlineData("[4] > [2] > [2] > [77]", 2, AnswerStatus.Ok)]
    [InlineData("[4] > [4] > [2]", 2, AnswerStatus.Repaired)]
    [InlineData("[4]", 2, AnswerStatus.Repaired)]
    [InlineData("[4] > [3] > [2] > [1] > [1]", 4, AnswerStatus.Repaired)]
    public void Where_only_a_head_is_needed_a_sound_head_is_ok(string answer, int needed, AnswerStatus status) =>
        Assert.Equal(status, AnswerParser.Parse("<think>a</think><answer>" + answer, 4, needed: needed).Status);

    [Fact]
    public void Repairs_are_counted()
    {
        var parsed = AnswerParser.Parse("<think>a</think><answer>[2] > [2] > [9] > [0] > [1]</answer>", 4);

        Assert.Equal(new AnswerRepairs(Missing: 2, Repeated: 1, Unknown: 2), parsed.Repairs);
        Assert.Equal(5, parsed.Repairs.Total);
    }

    [Theory]
    [InlineData("<think>\n why \n</think>\n\n<answer> [1] </answer>", "why", "[1]")]
    [InlineData("<think> why <answer>[1]</answer>", "why", "[1]")]
    [InlineData("<think> why", "why", "")]
    [InlineData("no tags at all", "", "no tags at all")]
    public void Reasoning_and_answer_come_without_their_tags(string response, string reasoning, string answer)
    {
        var parsed = AnswerParser.Parse(response, 1);

        Assert.Equal((reasoning, answer), (parsed.Reasoning, parsed.Answer));
    }

    [Theory]
    [InlineData("<think> why", true)]
    [InlineData("<think> why </think><answer>[1", true)]
    [InlineData("<think> why </think><answer>[1]</answer>", false)]
    [InlineData("[1]", false)]
    [InlineData("", false)]
    public void An_output_that_leaves_a_tag_open_looks_cut(string response, bool expected) =>
        Assert.Equal(expected, AnswerParser.LooksCut(response));

    [Fact]
    public void Any_output_gives_a_total_permutation()
    {
        string[] parts = ["<think>", "</think>", "<answer>", "</answer>", "[1]", "20", " > ", "²", "③", "𝟕", "\uD83D", "\n", "words", "<ANSWER>", "[0]", "٣"];
        var random = new Random(7);
        for (var round = 0; round < 5_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            var count = random.Next(0, 21);

            var safe = AnswerParser.Parse(text, count, random.Next(2) == 0, random.Next(0, 25));
            var reference = AnswerParser.Parse(text, count, mode: ParseMode.Reference);

            Assert.Equal(Enumerable.Range(0, count), safe.Permutation.Order());
            Assert.Equal(Enumerable.Range(0, count), reference.Permutation.Order());
        }
    }

    [Theory]
    [InlineData("<think>")]
    [InlineData("</think>")]
    [InlineData("<think></think>")]
    [InlineData("</think> <answer>")]
    [InlineData("<answer></answer>")]
    [InlineData("1 ")]
    [InlineData("7")]
    [InlineData(" ")]
    public void Megabytes_of_one_thing_are_read_in_one_go(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 5_000_000 / part.Length));

        foreach (var mode in Enum.GetValues<ParseMode>())
            Assert.Equal(20, AnswerParser.Parse(text, 20, mode: mode).Permutation.Count);
    }

    [Fact]
    public void A_run_of_digits_too_long_for_python_leaves_the_reference_without_numbers()
    {
        var longest = new string('0', 4298) + "2";

        Assert.Equal([2, 1], Ids(AnswerParser.Parse(longest + "0 2", 2, mode: ParseMode.Reference)));
        Assert.Equal([1, 2], Ids(AnswerParser.Parse(longest + "000 2", 2, mode: ParseMode.Reference)));
    }

    private static IEnumerable<int> Ids(ParsedAnswer parsed) => parsed.Permutation.Select(item => item + 1);
}
