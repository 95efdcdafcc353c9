using System.Text;
using ReasonRank.Engines.Local.Answers;

namespace ReasonRank.Tests.Engines.Local.Answers;

public class ReasoningWatchTests
{
    [Fact]
    public void The_first_close_or_answer_tag_is_found_however_the_text_is_cut()
    {
        var random = new Random(16);
        string[] pieces = ["</think>", "<answer>", "</", "think>", "<ans", "wer>", "<", "hm ", "</thi", "</answer>"];
        var found = new Dictionary<ReasoningEnd, int>();

        for (var i = 0; i < 5000; i++)
        {
            var text = string.Concat(random.GetItems(pieces, random.Next(1, 6)));
            var (expected, at) = First(text, text.IndexOf("</think>", StringComparison.Ordinal), text.IndexOf("<answer>", StringComparison.Ordinal));

            var (end, read) = Read(new ReasoningWatch(), text, random);

            Assert.Equal((text, expected, at), (text, end, read));
            found[end] = found.GetValueOrDefault(end) + 1;
        }

        Assert.True(found.Count == 3 && found.Values.All(count => count > 500));
    }

    [Fact]
    public void Where_answer_tags_end_nothing_the_close_is_found_behind_them()
    {
        var random = new Random(17);
        const string text = "<answer>[1]</answer><answer> so </think>[2]";

        for (var i = 0; i < 100; i++)
        {
            var (end, read) = Read(new ReasoningWatch(closeOnly: true), text, random);

            Assert.Equal((ReasoningEnd.Close, text.Length - 3), (end, read));
        }
    }

    [Theory]
    [InlineData("hm", 0)]
    [InlineData("hm <", 1)]
    [InlineData("hm </thi", 5)]
    [InlineData("hm </thi</", 2)]
    [InlineData("hm </thinx", 0)]
    public void What_stands_of_the_close_is_known(string text, int expected)
    {
        var watch = new ReasoningWatch();

        watch.Read(Encoding.UTF8.GetBytes(text), out _);

        Assert.Equal(expected, watch.Matched);
    }

    private static (ReasoningEnd End, int Read) First(string text, int close, int answer) =>
        close >= 0 && (answer < 0 || close < answer) ? (ReasoningEnd.Close, close + 8)
        : answer >= 0 ? (ReasoningEnd.Answer, answer + 8)
        : (ReasoningEnd.None, text.Length);

    /// <summary>Reads a text cut at random places up to its end or the reasoning's.</summary>
    private static (ReasoningEnd End, int Read) Read(ReasoningWatch watch, string text, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var read = 0;
        while (read < bytes.Length)
        {
            var token = bytes.AsSpan(read, random.Next(1, bytes.Length - read + 1));
            var end = watch.Read(token, out var rest);
            read += rest;
            if (end != ReasoningEnd.None)
                return (end, read);
        }
        return (ReasoningEnd.None, read);
    }
}
