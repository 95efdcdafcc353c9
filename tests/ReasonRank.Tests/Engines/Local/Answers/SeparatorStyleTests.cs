using System.Text;
using ReasonRank.Engines.Local.Answers;

namespace ReasonRank.Tests.Engines.Local.Answers;

public class SeparatorStyleTests
{
    [Theory]
    [InlineData("1", "")]
    [InlineData("1|] >", "")]
    [InlineData("1|] >| [|2", "] > [")]
    [InlineData("1|] >| [|2|1", "] > [")]
    [InlineData("1|] >| [|2|] >", " [")]
    [InlineData("1|] >| [|2|]", "")] // begun differently: the model decides this one
    [InlineData("1|]>[|2", "]>[")]
    [InlineData("1|] >| [|2|]>[|3", "]>[")] // the latest is the style
    [InlineData("[1]| >| |[2]", " > ")] // whole identifiers
    [InlineData("[1]| >| |[2]| >", " ")]
    [InlineData("[1]| >| |[2]|>|[3]|>|[14", "")]
    [InlineData("[1|] >| [|2", "")] // a token that holds more than digits tells nothing of its surroundings
    [InlineData("1|] >| [2|]|>[|3", "] >")] // up to the merged token, which is for the model to write
    public void What_is_still_to_come_of_a_separator_is_known_from_the_ones_before(string tokens, string expected)
    {
        var style = Read(tokens);

        Assert.Equal(expected, string.Concat(style.Rest.ToArray().Select(token => Encoding.UTF8.GetString(token.Text))));
    }

    [Theory]
    [InlineData("1|] >| [|2|] >| [|3", 0)]
    [InlineData("1|] >| [|2|]>[|3", 1)]
    [InlineData("1|] >| [|2|]>[|3|]>[|4|] >| [|5", 2)]
    [InlineData("1|] >| [|2|] >| [3", 1)]
    [InlineData("1|]|>[|2|]>[|3", 1)] // the same text in other tokens is another style
    public void A_separator_unlike_the_one_before_is_a_break(string tokens, int expected)
    {
        Assert.Equal(expected, Read(tokens).Breaks);
    }

    [Theory]
    [InlineData("1|]| >| [|2", "]")]
    [InlineData("1|] >| [|2", null)]
    [InlineData("1", null)]
    public void The_closing_bracket_is_known_where_it_is_a_token_of_its_own(string tokens, string? expected)
    {
        Assert.Equal(expected, Read(tokens).Bracket is { } bracket ? Encoding.UTF8.GetString(bracket.Text) : null);
    }

    /// <summary>A style that has read the tokens between the bars, each text with an id of its own.</summary>
    private static SeparatorStyle Read(string tokens)
    {
        var style = new SeparatorStyle();
        var ids = new Dictionary<string, int>();
        var betweenIds = false;
        foreach (var text in tokens.Split('|'))
        {
            ids.TryAdd(text, ids.Count);
            style.Read(new AnswerToken(ids[text], Encoding.UTF8.GetBytes(text)), betweenIds);
            betweenIds |= text.Contains(']', StringComparison.Ordinal);
        }
        return style;
    }
}
