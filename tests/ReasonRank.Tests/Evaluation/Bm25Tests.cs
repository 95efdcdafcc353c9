using ReasonRank.Evaluation;

namespace ReasonRank.Tests.Evaluation;

public class Bm25Tests
{
    [Fact]
    public void The_score_is_that_of_the_formula()
    {
        var bm25 = new Bm25(["cat sat"]);
        bm25.Add("1", "The cat sat on the mat.");
        bm25.Add("2", "A dog, a DOG and a Cat");
        bm25.Add("3", "nothing");

        // Lengths 6, 7 and 1: 14/3 on average. "cat" is in two of three documents, "sat" in one.
        var norm = 0.9 * (1 - 0.4 + (0.4 * 6 / (14.0 / 3)));
        var expected = (Math.Log(1 + (1.5 / 2.5)) / (1 + norm)) + (Math.Log(1 + (2.5 / 1.5)) / (1 + norm));
        Assert.Equal(expected, bm25.Score("cat sat", "1"), 12);
        Assert.Equal(0, bm25.Score("cat sat", "3"));
        Assert.Equal(0, bm25.Score("cat sat", "unknown"));
    }

    [Fact]
    public void Repetition_counts_less_and_less_and_length_against()
    {
        var bm25 = new Bm25(["cat"]);
        bm25.Add("once", "cat x x x");
        bm25.Add("twice", "cat cat x x");
        bm25.Add("thrice", "cat cat cat x");
        bm25.Add("long", "cat x x x x x x x x x");

        double Score(string id) => bm25.Score("cat", id);
        Assert.True(Score("thrice") > Score("twice") && Score("twice") > Score("once") && Score("once") > Score("long"));
        Assert.True(Score("thrice") - Score("twice") < Score("twice") - Score("once"));
    }

    [Fact]
    public void Words_of_any_script_count_in_any_case()
    {
        var bm25 = new Bm25(["ÜBER 2024"]);
        bm25.Add("1", "über-2024!");
        bm25.Add("2", "uber");

        Assert.True(bm25.Score("ÜBER 2024", "1") > 0);
        Assert.Equal(0, bm25.Score("ÜBER 2024", "2"));
    }
}
