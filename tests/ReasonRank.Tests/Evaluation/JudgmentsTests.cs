using ReasonRank.Evaluation;

namespace ReasonRank.Tests.Evaluation;

public class JudgmentsTests
{
    [Fact]
    public void Judgments_are_read_by_query()
    {
        var judgments = Judgments.Read(new StringReader("q1 0 d1 2\nq1 0 d2 0\nq2\t0\td1\t-1\n"));

        Assert.Equal(2, judgments.For("q1")["d1"]);
        Assert.Equal(-1, judgments.For("q2")["d1"]);
        Assert.Empty(judgments.For("q3"));
    }

    [Theory]
    [InlineData("q d 1\n", "Line 1 has 3 columns instead of 4: qid iteration docid relevance.")]
    [InlineData("q 0 d 1\n\nq 0 e 0.5\n", "Line 3 has the relevance \"0.5\", which is no whole number.")]
    [InlineData("q 0 d 1\nq 0 d 0\n", "Line 2 judges document d of query q again.")]
    public void A_line_that_is_no_judgment_is_named(string text, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => Judgments.Read(new StringReader(text))).Message);
}
