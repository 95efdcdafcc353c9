using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ReasonRank.Cli;
using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;
using ReasonRank.Prompting;
using ReasonRank.TestSupport;
using ReasonRank.Tests.Engines.Local.Answers;
using Xunit.Abstractions;

namespace ReasonRank.ModelTests.Engines;

/// <summary>A model that answers well of its own accord is left alone: the constraint changes nothing of what it writes.</summary>
public class FreeAnswersTests(ITestOutputHelper output)
{
    private const int Largest = 20;
    private static readonly string[] Passages = Read();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answers_that_are_permutations_without_the_constraint_are_the_same_with_it(bool jumpForward)
    {
        await using var engine = Start(new EngineOptions { Parallel = 1, JumpForward = jumpForward });
        var valid = 0;

        for (var count = 2; count <= Largest; count++)
        {
            var request = Request(count, engine);
            var free = await engine.CompleteAsync(request);
            if (!IsPermutation(free.Text, count))
                continue;
            valid++;
            var constrained = await engine.CompleteAsync(request with { Answer = new PermutationAnswer(count) });
            Assert.Equal(free.Text, constrained.Text);
        }

        output.WriteLine($"{valid} of {Largest - 1} windows have a permutation for an answer without the constraint, and the same with it.");
        Assert.NotEqual(0, valid);
    }

    // An exact cache and no flash attention: forced tokens come in one batch, and near ties mustn't turn on its shape.
    private static LocalEngine Start(EngineOptions options) => new(
        LlamaCppRuntime.Load(new LlamaCppOptions
        {
            Path = Composition.EmbeddedModel, FlashAttention = FlashAttention.Off, CacheTypeK = CacheType.F32, CacheTypeV = CacheType.F32,
            Threads = 1, BatchThreads = 1, Parallel = options.Parallel, MaxSequences = options.SequenceIds, BatchRows = 512,
        }),
        options, PromptProfile.ReasonRank.System, TimeProvider.System, NullLogger<LocalEngine>.Instance);

    /// <summary>Passages in random order, and two words of one of them for a query.</summary>
    private static GenerationRequest Request(int count, LocalEngine engine)
    {
        var random = new Random(count);
        var window = Passages.ToArray();
        random.Shuffle(window);
        window = window[..count];
        var words = window[random.Next(count)].Split(' ').Where(word => word.Length > 4).ToArray();
        var query = string.Join(' ', random.GetItems(words, 2));
        var passages = window.Select(text => PassageText.Prepare(text, null, 512, engine)).ToArray();
        return new GenerationRequest
        {
            Prompt = new ListwisePrompt(PromptProfile.ReasonRank, query).Render(passages),
            Reasoning = PromptProfile.ReasonRank.Reason(600),
            FreeAnswerTokens = 200,
        };
    }

    /// <summary>Whether what follows the reasoning is in the answer language.</summary>
    private static bool IsPermutation(string text, int count)
    {
        var close = text.IndexOf("</think>", StringComparison.Ordinal);
        return close >= 0 && AnswerTexts.IsInLanguage(text[close..], count);
    }

    private static string[] Read()
    {
        using var task = JsonDocument.Parse(Checkout.Read("tests/ReasonRank.ClientTests/clients/passages.json"));
        return [.. task.RootElement.GetProperty("passages").EnumerateArray().Select(passage => passage.GetString()!)];
    }
}
