using ReasonRank.Engines;
using ReasonRank.Prompting;

namespace ReasonRank.Tests.Prompting;

public class PassageTextTests
{
    [Theory]
    [InlineData("word ", 6)]
    [InlineData("a ", 6)]
    [InlineData("antidisestablishmentarianism-and-more ", 6)]
    [InlineData("x", 1)]
    [InlineData("\n\n  y ", 9)]
    [InlineData("你好，世界。", 6)]
    [InlineData("😀", 6)]
    [InlineData(". , ; ", 6)]
    public void A_long_text_is_cut_where_tokenizing_all_of_it_would(string part, int maxTokens)
    {
        var text = string.Concat(Enumerable.Repeat(part, 2_000)) + "end";
        foreach (var counter in new[] { StubTokenCounter.CharTok, StubTokenCounter.WordTok })
        {
            var expected = counter.Truncate(TextFixer.Fix(text.Trim()), maxTokens);

            Assert.Equal(expected, PassageText.Prepare(text, title: null, maxTokens, counter).Text);
        }
    }

    [Fact]
    public void Of_a_long_text_only_the_head_is_tokenized()
    {
        var counter = new LengthRecorder(StubTokenCounter.WordTok);

        PassageText.Prepare(string.Concat(Enumerable.Repeat("word ", 100_000)), title: null, 512, counter);

        Assert.InRange(counter.Longest, 1, 10_000);
    }

    [Fact]
    public void A_text_without_spaces_is_cut_too()
    {
        var text = new string('a', 1_000_000);

        Assert.Equal(512, PassageText.Prepare(text, title: null, 512, StubTokenCounter.CharTok).Text.Length);
        Assert.Same(text, PassageText.Prepare(text, title: null, 512, StubTokenCounter.WordTok).Text);
    }

    [Fact]
    public void Trimming_equals_preparing_with_the_smaller_limit()
    {
        const string Text = "one [2] three [4] five [6] seven";
        var whole = PassageText.Prepare(Text, "Title", 512, StubTokenCounter.WordTok);

        for (var limit = 1; limit < 12; limit++)
            Assert.Equal(PassageText.Prepare(Text, "Title", limit, StubTokenCounter.WordTok).Text, whole.Trim(limit, StubTokenCounter.WordTok).Text);
        Assert.Same(whole, whole.Trim(500, StubTokenCounter.WordTok));
    }

    private sealed class LengthRecorder(ITokenCounter counter) : ITokenCounter
    {
        public int Longest { get; private set; }

        public int CountTokens(string text) => counter.CountTokens(text);

        public string Truncate(string text, int maxTokens)
        {
            Longest = Math.Max(Longest, text.Length);
            return counter.Truncate(text, maxTokens);
        }
    }
}
