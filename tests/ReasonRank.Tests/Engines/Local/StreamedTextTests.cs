using System.Text;
using System.Threading.Channels;
using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local;

public class StreamedTextTests
{
    private readonly ScriptedVocabulary _vocabulary = new();

    [Fact]
    public void A_character_is_held_back_until_its_last_token_is_there()
    {
        var tokens = Channel.CreateUnbounded<int>();
        var text = new StreamedText(_vocabulary);
        var read = new List<string>();

        foreach (var token in _vocabulary.Tokenize("a🙂b", parseSpecial: false))
        {
            tokens.Writer.TryWrite(token);
            read.Add(text.Read(tokens.Reader));
        }

        Assert.Equal(["a", "", "", "", "🙂", "b"], read);
        Assert.Equal("", text.Rest());
    }

    [Fact]
    public void The_stream_joined_is_the_text_of_all_tokens_wherever_it_was_cut_and_read()
    {
        var random = new Random(13);
        string[] words = ["naïve", "🙂", " 日本語", "passage ", "\n", "ü"];

        for (var i = 0; i < 300; i++)
        {
            var all = _vocabulary.Tokenize(string.Concat(random.GetItems(words, 1 + random.Next(8))), parseSpecial: false);
            var cut = all[..random.Next(1, all.Length + 1)];
            var (tokens, text, joined) = (Channel.CreateUnbounded<int>(), new StreamedText(_vocabulary), new StringBuilder());
            foreach (var token in cut)
            {
                tokens.Writer.TryWrite(token);
                if (random.Next(3) == 0)
                    joined.Append(text.Read(tokens.Reader));
            }
            joined.Append(text.Read(tokens.Reader)).Append(text.Rest());

            Assert.Equal(((ITokenizer)_vocabulary).Text(cut), joined.ToString());
        }
    }
}
