using System.Text;
using ReasonRank.Prompting;

namespace ReasonRank.Tests.Prompting;

public class TextFixerTests
{
    [Theory]
    [InlineData("plain text, [1] & more\n", "plain text, [1] & more\n")]
    [InlineData("a &lt;b&gt; &amp;amp; &#39;c&#x27; &hellip;", "a <b> & 'c' …")]
    [InlineData("a <b>\n&amp;", "a <b>\n&amp;")]
    [InlineData("&amp;\na <b>\n&amp;", "&\na <b>\n&amp;")]
    [InlineData("P&EACUTE;REZ &nTILDE; &nope; &amp &#59;", "PÉREZ &nTILDE; &nope; &amp &#59;")]
    [InlineData("&#150; &#0; &#x110000; &#xD800; [&#1;] &#xZ;", "– \uFFFD \uFFFD \uFFFD [] &#xZ;")]
    [InlineData("\u0093quoted\u0094 \u0085 \u0081", "\"quoted\" … \u0081")]
    [InlineData("ﬁne aﬄuent ŉ ǆ ĳ", "fine affluent 'n dž ij")]
    [InlineData("ＬＯＵＤ　ｶﾞ ［１］ ￥", "LOUD ガ [1] ¥")]
    [InlineData("‘a’ ‚b‛ “c” „d‟ ʼe", "'a' 'b' \"c\" \"d\" 'e")]
    [InlineData("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne")]
    [InlineData("\u001B[36;44mblue\u001B[0m \u001B[1", "blue [1")]
    [InlineData("a\u0000b\u0007c\u007Fd\uFEFFe\u206Af\uFFFCg\th\fi", "abcdefg\th\fi")]
    [InlineData("e\u0301 \u212B \u1100\u1161", "é Å 가")]
    [InlineData("你好，世界？「ok」", "你好,世界?「ok」")]
    [InlineData("＆ｌｔ； ＆amp＃", "< &amp#")]
    [InlineData("\uFFFE e\u0301", "\uFFFE é")]
    public void Text_is_fixed_as_the_reference_fixes_it(string text, string expected) =>
        Assert.Equal(expected, TextFixer.Fix(text));

    [Fact]
    public void Lone_surrogates_become_replacement_characters() =>
        Assert.Equal("\uFFFD \uFFFD 😀", TextFixer.Fix("\uD83D \uDE00 \uD83D\uDE00"));

    [Fact]
    public void In_a_prompt_entities_stay() =>
        Assert.Equal("&amp; \"q\"", TextFixer.FixInPrompt("&amp; “q”"));

    [Fact]
    public void Fixing_again_changes_nothing()
    {
        var random = new Random(11);
        for (var round = 0; round < 3_000; round++)
        {
            var text = RandomText(random);
            var once = TextFixer.Fix(text);

            Assert.Equal(once, TextFixer.FixInPrompt(once));
            // A break that only becomes one can split HTML from the text before it, here as in the reference.
            if (!text.Contains('\r'))
                Assert.Equal(once, TextFixer.Fix(once));
        }
    }

    [Theory]
    [InlineData("&amp;", "")]
    [InlineData("amp;", "&")]
    [InlineData("&", "")]
    [InlineData("&#", "")]
    [InlineData("\u001B[", "")]
    [InlineData("\u001B[1", "")]
    [InlineData("1", "\u001B[")]
    [InlineData("ﬃ", "")]
    [InlineData("\u0316\u0301", "e")]
    [InlineData("\uFFFE", "é")]
    [InlineData("😀", "")]
    [InlineData("[1", "")]
    [InlineData("\r", "")]
    public void Megabytes_of_one_thing_are_fixed_in_linear_time(string part, string start)
    {
        var text = start + string.Concat(Enumerable.Repeat(part, 5_000_000 / part.Length));

        Assert.NotNull(TextFixer.Fix(text));
        Assert.NotNull(Identifiers.Disarm(text));
    }

    [Fact]
    public void Normalization_works_in_this_process() => Assert.True(TextNormalization.IsAvailable);

    private static string RandomText(Random random)
    {
        string[] parts =
        [
            "&amp;", "&lt;", "amp;", "#38;", "&#x", "＆", "；", "ﬁ", "ŉ", "e\u0301", "\u0301", "\u0316", "\u0085", "\u0093", "“", "\r", "\n", "\r\n",
            "\u001B[", "31m", "\u0007", "\uFEFF", "［", "１", "］", "<", "\uD83D", "\uDE00", "你好", "\u3000", "&#59;", "&semi;", "\u037E", " words ", "[3]",
        ];
        var text = new StringBuilder();
        for (var left = random.Next(14); left > 0; left--)
            text.Append(parts[random.Next(parts.Length)]);
        return text.ToString();
    }
}
