using ReasonRank.Service.Api.Streaming;

namespace ReasonRank.Tests.Api.Streaming;

public sealed class ReasoningTextTests
{
    [Theory]
    [InlineData("<think>\nFirst [2], then 1 < 2.\n</think>\n\n<answer>[2] > [1]</answer>", "First [2], then 1 < 2.")]
    [InlineData("\n <think>a\n\nb</think><answer>[1]", "a\n\nb")]
    [InlineData("no tag at the start</think><answer>[1]", "no tag at the start")]
    [InlineData("<think>never closed <answer>[1]", "never closed")]
    [InlineData("<answer>[1] > [2]</answer>", "")]
    [InlineData("<think>\n\n</think>\n\n<answer>[1]", "")]
    [InlineData("<think>a <b> </i> </thin </think>", "a <b> </i> </thin")]
    public void The_reasoning_is_the_same_however_the_output_is_cut(string output, string reasoning)
    {
        for (var size = 1; size <= output.Length; size++)
        {
            var text = new ReasoningText();

            var streamed = string.Concat(output.Chunk(size).Select(part => text.Add(new string(part))));

            Assert.Equal(reasoning, streamed);
        }
    }

    [Fact]
    public void Nothing_is_held_back_that_cannot_be_a_tag()
    {
        var text = new ReasoningText();

        Assert.Equal("a", text.Add("<think>a"));
        Assert.Equal("", text.Add("\n"));
        Assert.Equal("\nb", text.Add("b"));
        Assert.Equal("", text.Add("<"));
        Assert.Equal("<b", text.Add("b"));
    }
}
