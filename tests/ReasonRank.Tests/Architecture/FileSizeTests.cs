using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Architecture;

public sealed class FileSizeTests
{
    /// <summary>Most files have one noun and 60 lines; past this there are two nouns in one.</summary>
    private const int Longest = 300;

    [Fact]
    public void No_source_file_is_longer_than_a_reader_can_hold()
    {
        var overlong = Checkout.Sources("src").Where(path => Checkout.Read(path).Count(character => character == '\n') > Longest);

        Assert.Empty(overlong);
    }
}
