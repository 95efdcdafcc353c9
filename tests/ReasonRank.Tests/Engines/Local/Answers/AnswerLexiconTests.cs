using System.Text;
using ReasonRank.Engines.Local;
using ReasonRank.Engines.Local.Answers;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local.Answers;

public class AnswerLexiconTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_token_that_an_answer_can_hold_is_found(bool twoDigitTokens)
    {
        var vocabulary = new ScriptedVocabulary(twoDigitTokens);
        var known = new AnswerLexicon(vocabulary, new PromptTokenizer(vocabulary)).Tokens.Select(token => token.Id).ToHashSet();
        var random = new Random(18);

        for (var i = 0; i < 400; i++)
        {
            var text = AnswerTexts.Random(random, 1 + i % 127, AnswerTexts.Separators[i % 4]);

            Assert.All(vocabulary.Tokenize(text, parseSpecial: false), token => Assert.Contains(token, known));
        }
    }

    [Fact]
    public void A_token_that_no_answer_can_hold_is_left_out()
    {
        var vocabulary = new ScriptedVocabulary(twoDigitTokens: true);

        var tokens = new AnswerLexicon(vocabulary, new PromptTokenizer(vocabulary)).Tokens;

        var texts = tokens.Select(token => Encoding.UTF8.GetString(token.Text)).ToArray();
        Assert.Contains("]>[", texts);
        Assert.Contains("99", texts);
        foreach (var outside in new[] { " the", "[]", "system", "x", "é", "Passage" })
            Assert.DoesNotContain(outside, texts);
        Assert.DoesNotContain(tokens, token => vocabulary.IsControl(token.Id));
        Assert.Equal(tokens.OrderBy(token => token.Id), tokens);
    }

    [Fact]
    public void A_text_is_spelled_in_the_models_own_tokens()
    {
        var vocabulary = new ScriptedVocabulary();
        var lexicon = new AnswerLexicon(vocabulary, new PromptTokenizer(vocabulary));

        var tokens = lexicon.Spell("</think>\n\n");

        Assert.Equal(["</", "think", ">\n\n"], tokens.Select(token => Encoding.UTF8.GetString(token.Text)));
        Assert.Equal(vocabulary.Tokenize("</think>\n\n", parseSpecial: false), tokens.Select(token => token.Id));
    }

    [Theory]
    [InlineData('[')]
    [InlineData('7')]
    [InlineData('\n')]
    public void A_vocabulary_without_a_letter_of_the_language_is_unfit(char letter)
    {
        var vocabulary = new AlteredVocabulary { Missing = letter };

        var refused = Assert.Throws<ModelUnfitException>(() => new AnswerLexicon(vocabulary, new PromptTokenizer(vocabulary)));

        Assert.Contains($"'{letter}'", refused.Message, StringComparison.Ordinal);
    }
}
