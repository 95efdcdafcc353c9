using System.Text;
using ReasonRank.Engines.Local.Answers;

namespace ReasonRank.Tests.Engines.Local.Answers;

public class AnswerStateTests
{
    [Fact]
    public void Every_text_of_the_language_is_accepted()
    {
        var random = new Random(1);

        for (var i = 0; i < 2000; i++)
        {
            var count = random.Next(1, 30);
            var text = AnswerTexts.Random(random, count, AnswerTexts.Separators[i % 4]);

            Assert.True(Accepts(text, count), text);
        }
    }

    [Fact]
    public void A_mutated_text_is_accepted_only_where_it_is_still_in_the_language()
    {
        var random = new Random(2);
        const string letters = "</think>answer []0123456789\nx";
        var (inside, outside) = (0, 0);

        for (var i = 0; i < 20000; i++)
        {
            var count = random.Next(1, 13);
            var text = new StringBuilder(AnswerTexts.Random(random, count, AnswerTexts.Separators[i % 4]));
            var place = random.Next(text.Length);
            switch (random.Next(3))
            {
                case 0: text[place] = letters[random.Next(letters.Length)]; break;
                case 1: text.Insert(place, letters[random.Next(letters.Length)]); break;
                default: text.Remove(place, 1); break;
            }
            var expected = AnswerTexts.IsInLanguage(text.ToString(), count);

            Assert.True(expected == Accepts(text.ToString(), count), text.ToString());
            _ = expected ? inside++ : outside++;
        }

        Assert.True(inside > 1000 && outside > 1000, $"{inside} inside, {outside} outside");
    }

    [Fact]
    public void Every_reachable_state_leads_to_the_end()
    {
        var random = new Random(3);
        byte[] letters = [.. "</think>answer []0123456789\n"u8.ToArray().Distinct()];

        for (var i = 0; i < 2000; i++)
        {
            var state = AnswerState.AtClose(random.Next(1, 25));
            for (var steps = 0; !state.IsDone; steps++)
            {
                random.Shuffle(letters);
                Assert.Contains(letters, letter => state.TryAdvance(letter));
                Assert.True(steps < 400);
            }
            Assert.Equal(0, state.Remaining);
        }
    }

    [Theory]
    [InlineData(3, "</think><answer>[1", 1)]
    [InlineData(10, "</think><answer>[1", 0)]
    [InlineData(10, "</think><answer>[10] > [1", 1)]
    [InlineData(10, "</think><answer>[10", 10)]
    [InlineData(10, "</think><answer>[10]", 0)]
    public void An_identifier_is_determined_once_no_other_can_grow_from_its_digits(int count, string text, int expected)
    {
        var state = AnswerState.AtClose(count);

        Assert.True(state.TryAdvance(Encoding.UTF8.GetBytes(text)));

        Assert.Equal(expected, state.DeterminedId);
    }

    [Theory]
    [InlineData(2, "</think><answer>[2]>[", "1")]
    [InlineData(12, "</think><answer>[10]>[11]>[1]>[1", "2")]
    [InlineData(12, "</think><answer>[10]>[11]>[1", "")]
    [InlineData(2, "</think><answer>[", "")]
    public void The_rest_of_an_identifier_is_known_where_only_one_is_left(int count, string text, string expected)
    {
        var state = AnswerState.AtClose(count);

        Assert.True(state.TryAdvance(Encoding.UTF8.GetBytes(text)));

        Assert.Equal(expected, state.RestOfOnlyId);
    }

    private static bool Accepts(string text, int count)
    {
        var state = AnswerState.AtClose(count);
        return state.TryAdvance(Encoding.UTF8.GetBytes(text)) && state.IsDone;
    }
}
