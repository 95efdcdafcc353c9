using ReasonRank.Evaluation;

namespace ReasonRank.Tests.Evaluation;

public class RunTests
{
    [Fact]
    public void Documents_are_ordered_by_score_and_ties_by_identifier_from_the_last()
    {
        var run = TrecRun.Read(new StringReader("q1 Q0 d1 1 0.5 x\nq1 Q0 d3 2 0.5 x\n\nq1\tQ0\td2\t3\t9e-1\tx\nq0 Q0 d1 1 -1 x\n"));

        Assert.Equal(["q1", "q0"], run.Queries);
        Assert.Equal(["d2", "d3", "d1"], run.Order("q1"));
        Assert.Empty(run.Order("unknown"));
    }

    [Fact]
    public void Scores_tie_in_single_precision()
    {
        var run = TrecRun.Read(new StringReader("q Q0 a 1 0.30000001 x\nq Q0 b 2 0.30000000 x\n"));

        Assert.Equal(["b", "a"], run.Order("q"));
    }

    [Fact]
    public void A_written_run_keeps_its_order()
    {
        var run = new TrecRun();
        run.Add("q", ["b", "c", "a"]);
        var text = new StringWriter();

        run.Write(text, "me");

        Assert.Equal("q Q0 b 1 1 me\nq Q0 c 2 0.5 me\nq Q0 a 3 0.33333334 me\n", text.ToString());
        Assert.Equal(["b", "c", "a"], TrecRun.Read(new StringReader(text.ToString())).Order("q"));
    }

    [Theory]
    [InlineData("q Q0 d 1 0.5 x\nq Q0 d 1 0.5\n", "Line 2 has 5 columns instead of 6: qid Q0 docid rank score tag.")]
    [InlineData("q Q0 d 1 high x\n", "Line 1 has the score \"high\", which is no number.")]
    [InlineData("q Q0 d 1 NaN x\n", "Line 1 has the score \"NaN\", which is no number.")]
    [InlineData("q1 Q0 d1 1 2 x\nq2 Q0 d1 1 2 x\nq1 Q0 d1 2 1 x\n", "Line 3 ranks document d1 of query q1 again.")]
    public void A_line_that_is_no_run_is_named(string text, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => TrecRun.Read(new StringReader(text))).Message);
}
