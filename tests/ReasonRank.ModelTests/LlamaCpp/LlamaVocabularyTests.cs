using ReasonRank.LlamaCpp;
using ReasonRank.TestSupport.Gguf;

namespace ReasonRank.ModelTests.LlamaCpp;

public sealed class LlamaVocabularyTests
{
    private static readonly string Embedded = Path.Combine(AppContext.BaseDirectory, "models", "reasonrank-tiny.gguf");

    [Fact]
    public void A_file_without_weights_tokenizes()
    {
        using var file = TemporaryFile.With(HostileModels.WriteVocabularyOnly);
        using var vocabulary = LlamaVocabulary.Load(file.Path);

        Assert.Equal("qwen2", vocabulary.Architecture);
        Assert.Equal(640, vocabulary.VocabularySize);
        Assert.Equal(3, vocabulary.Tokenize("<think>12", parseSpecial: false).Length - vocabulary.Tokenize(">", parseSpecial: false).Length);
    }

    [Fact]
    public void The_vocabulary_of_the_embedded_model_has_the_chat_markers()
    {
        using var vocabulary = LlamaVocabulary.Load(Embedded);

        Assert.Equal("qwen2", vocabulary.Architecture);
        foreach (var marker in new[] { "<|im_start|>", "<|im_end|>" })
            Assert.True(vocabulary.IsControl(Assert.Single(vocabulary.Tokenize(marker, parseSpecial: true))));
    }

    [Fact]
    public void Digits_stay_single_or_together_as_the_vocabulary_has_it()
    {
        Assert.Equal(4, Count(twoDigitIds: false));
        Assert.Equal(3, Count(twoDigitIds: true));

        static int Count(bool twoDigitIds)
        {
            using var file = TemporaryFile.With(new RandomModel { TwoDigitIds = twoDigitIds }.WriteTo);
            using var vocabulary = LlamaVocabulary.Load(file.Path);
            return vocabulary.Tokenize("[17]", parseSpecial: false).Length;
        }
    }

    [Fact]
    public void User_defined_think_tokens_match_in_plain_text_too()
    {
        using var file = TemporaryFile.With(new RandomModel { Architecture = "qwen3", ThinkTokens = true }.WriteTo);
        using var vocabulary = LlamaVocabulary.Load(file.Path);

        var token = Assert.Single(vocabulary.Tokenize("<think>", parseSpecial: false));
        Assert.False(vocabulary.IsControl(token));
    }

    [Fact]
    public void A_long_text_is_no_trouble()
    {
        using var vocabulary = LlamaVocabulary.Load(Embedded);

        Assert.True(vocabulary.Tokenize(string.Concat(Enumerable.Repeat("json parser in python. ", 20_000)), parseSpecial: false).Length > 60_000);
    }

    [Fact]
    public void A_missing_library_folder_is_named()
    {
        // Another folder than the one this process has loaded from, so neither can be used any more: both are named.
        using var first = LlamaVocabulary.Load(Embedded);

        var error = Assert.Throws<LlamaLibraryException>(() => LlamaVocabulary.Load(Embedded, libraryDirectory: "/no/such/folder"));

        Assert.Contains("'/no/such/folder'", error.Message, StringComparison.Ordinal);
    }
}
