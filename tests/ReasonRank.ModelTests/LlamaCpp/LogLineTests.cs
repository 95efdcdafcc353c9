using Microsoft.Extensions.Logging;
using ReasonRank.LlamaCpp.Native;

namespace ReasonRank.ModelTests.LlamaCpp;

public sealed class LogLineTests
{
    private readonly LogLine _line = new();

    [Theory]
    [InlineData(1, LogLevel.Trace)]
    [InlineData(2, LogLevel.Debug)]
    [InlineData(3, LogLevel.Warning)]
    [InlineData(4, LogLevel.Error)]
    public void Levels_are_mapped(int level, LogLevel expected) => Assert.Equal((expected, "a line"), _line.Add(level, "a line\n"));

    [Fact]
    public void Pieces_are_joined_to_lines_at_the_level_of_the_first()
    {
        Assert.Null(_line.Add(3, "loading"));
        Assert.Null(_line.Add(5, " ."));
        Assert.Null(_line.Add(5, "."));
        Assert.Equal((LogLevel.Warning, "loading .."), _line.Add(5, "\n"));

        Assert.Equal((LogLevel.Debug, "done"), _line.Add(2, "done\n"));
    }

    [Fact]
    public void Empty_lines_are_dropped() => Assert.Null(_line.Add(2, "\n"));
}
