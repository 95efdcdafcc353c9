using ReasonRank.Engines;
using ReasonRank.Prompting;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Prompting;

public class FittedPromptTests
{
    private const int Reserve = 20;

    private static readonly ListwisePrompt Prompt = new(PromptProfile.ReasonRank, "three word query");

    [Fact]
    public void With_room_for_everything_nothing_gives_way()
    {
        var fitted = FittedPrompt.Render(Prompt, Window(100, 200), Engine(4096), Reserve, askedBudget: 3072);

        Assert.Equal((3072, null), (fitted.ReasoningBudget, fitted.PassageLimit));
        Assert.Equal(Engine(4096).CountTokens(fitted.Prompt), fitted.PromptTokens);
    }

    [Fact]
    public void The_budget_shrinks_before_any_passage_is_cut()
    {
        var fitted = FittedPrompt.Render(Prompt, Window(100, 200), Engine(600), Reserve, askedBudget: 3072);

        Assert.Null(fitted.PassageLimit);
        Assert.Equal(600 - Reserve - fitted.PromptTokens, fitted.ReasoningBudget);
        Assert.InRange(fitted.ReasoningBudget, PassageBudget.LeastReasoning, 3071);
    }

    [Fact]
    public void Then_long_passages_are_cut_evenly_and_short_ones_stay()
    {
        var engine = Engine(400);

        var fitted = FittedPrompt.Render(Prompt, Window(10, 100, 200), engine, Reserve, askedBudget: 3072);

        var lengths = FakePassages.Read(fitted.Prompt.User).Select(engine.CountTokens).ToArray();
        Assert.Equal([10, fitted.PassageLimit!.Value, fitted.PassageLimit.Value], lengths);
        Assert.True(fitted.ReasoningBudget >= PassageBudget.LeastReasoning);
        Assert.InRange(fitted.PromptTokens + fitted.ReasoningBudget + Reserve, 398, 400);
    }

    [Fact]
    public void A_think_free_window_leaves_no_room_for_reasoning()
    {
        var fitted = FittedPrompt.Render(Prompt, Window(100, 200), Engine(400), Reserve, askedBudget: 0);

        Assert.Equal(0, fitted.ReasoningBudget);
        Assert.InRange(fitted.PromptTokens + Reserve, 398, 400);
    }

    [Fact]
    public void A_prompt_that_grows_where_passages_are_cut_is_cut_further()
    {
        var engine = new GrowingEngine(Engine(400));

        var fitted = FittedPrompt.Render(Prompt, Window(100, 200), engine, Reserve, askedBudget: 3072);

        var plain = FittedPrompt.Render(Prompt, Window(100, 200), Engine(400), Reserve, askedBudget: 3072);
        Assert.True(fitted.PromptTokens + fitted.ReasoningBudget + Reserve <= 400);
        Assert.InRange(fitted.PassageLimit!.Value, plain.PassageLimit!.Value - 4, plain.PassageLimit.Value - 1);
    }

    [Fact]
    public async Task Passages_that_take_more_than_they_were_cut_to_are_cut_until_they_fit()
    {
        var text = string.Concat(Enumerable.Repeat("word word word word word word word word word [1] ", 20));
        var engine = new CitationEngine(Engine(400));
        var window = Enumerable.Repeat(PassageText.Prepare(text, title: null, 512, engine), 2).ToArray();

        var fitted = await Task.Run(() => FittedPrompt.Render(Prompt, window, engine, Reserve, 3072)).WaitAsync(TestTimeouts.Patience);

        Assert.InRange(fitted.PromptTokens + fitted.ReasoningBudget + Reserve, 350, 400);
    }

    [Theory]
    [InlineData(1000, 2, "query")]
    [InlineData(3, 40, "window_size")]
    public void What_can_not_fit_is_refused_with_the_field_to_blame(int queryWords, int passages, string field)
    {
        var prompt = new ListwisePrompt(PromptProfile.ReasonRank, Words(queryWords));
        var window = Window([.. Enumerable.Repeat(50, passages)]);

        var refusal = Assert.Throws<PromptTooLongException>(() => FittedPrompt.Render(prompt, window, Engine(700), Reserve, 3072));

        Assert.Equal(field, refusal.Field);
    }

    private static FakeEngine Engine(int context) =>
        new() { Info = new EngineInfo { Model = "fake", Architecture = "qwen2", ContextTokens = context, Parallel = 1 } };

    private static PassageText[] Window(params int[] lengths) => [.. lengths.Select(length => Passage(Engine(1), length))];

    private static PassageText Passage(FakeEngine engine, int words) =>
        PassageText.Prepare(Words(words), title: null, 512, engine);

    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("word", count));

    /// <summary>Has one token for <c>[1]</c> and three for <c>(1)</c>.</summary>
    private sealed class CitationEngine(FakeEngine engine) : IGenerationEngine
    {
        public EngineInfo Info => engine.Info;

        public int CountTokens(ChatPrompt prompt) => prompt.Pieces.Sum(piece => piece.IsMarker ? 1 : CountTokens(piece.Text));

        public int CountTokens(string text) => engine.CountTokens(text) + (2 * text.Count(letter => letter == '('));

        public string Truncate(string text, int maxTokens) => engine.Truncate(text, maxTokens);

        public IAsyncEnumerable<GenerationChunk> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    /// <summary>Finds five tokens more in every prompt after the first: cut words that no longer make one token.</summary>
    private sealed class GrowingEngine(FakeEngine engine) : IGenerationEngine
    {
        private int _extra = -5;

        public EngineInfo Info => engine.Info;

        public int CountTokens(ChatPrompt prompt) => engine.CountTokens(prompt) + (_extra = Math.Min(_extra + 5, 5));

        public int CountTokens(string text) => engine.CountTokens(text);

        public string Truncate(string text, int maxTokens) => engine.Truncate(text, maxTokens);

        public IAsyncEnumerable<GenerationChunk> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
