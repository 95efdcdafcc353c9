using Microsoft.Extensions.Logging.Abstractions;
using ReasonRank.Cli;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;
using ReasonRank.Prompting;
using ReasonRank.TestSupport;

namespace ReasonRank.ModelTests.Prompting;

/// <summary>Twenty passages that are longer than the context together, made of what takes more tokens in a prompt than it was cut to.</summary>
public class LongPassagesTests
{
    [Theory]
    [InlineData("語")]
    [InlineData("as shown in [7], ")]
    [InlineData("[1]")]
    public async Task Whatever_they_hold_they_are_cut_until_they_fit(string piece)
    {
        var options = new EngineOptions { Parallel = 1 };
        await using var engine = new LocalEngine(
            LlamaCppRuntime.Load(new LlamaCppOptions
            {
                Path = Composition.EmbeddedModel, Threads = 1, BatchThreads = 1, Parallel = 1, MaxSequences = options.SequenceIds,
            }),
            options, PromptProfile.ReasonRank.System, TimeProvider.System, NullLogger<LocalEngine>.Instance);
        var text = string.Concat(Enumerable.Repeat(piece, 1000));
        var window = Enumerable.Repeat(PassageText.Prepare(text, title: null, 512, engine), 20).ToArray();
        var words = Enumerable.Range(1, 5).Select(count => string.Join(' ', Enumerable.Repeat("word", count)));

        foreach (var query in words)
        {
            var prompt = new ListwisePrompt(PromptProfile.ReasonRank, query);
            var fitted = await Task.Run(() => FittedPrompt.Render(prompt, window, engine, answerReserve: 150, askedBudget: 3072)).WaitAsync(TestTimeouts.Patience);

            Assert.InRange(fitted.PromptTokens + fitted.ReasoningBudget + 150, 3500, engine.Info.ContextTokens);
        }
    }
}
