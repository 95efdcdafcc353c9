using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Engines.Local.Answers;

public class ConstrainedAnswerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wanted_answer_of_the_language_is_written_as_wanted(bool twoDigitTokens)
    {
        var random = new Random(4);
        var wanted = Enumerable.Range(0, 250).ToDictionary(
            i => $"case {i}.", i => (Count: 1 + i % 20, Text: $"<think>\nhm [3]" + AnswerTexts.Random(random, 1 + i % 20, AnswerTexts.Separators[i % 4])));
        await using var engine = Start(wanted.ToDictionary(pair => pair.Key, pair => pair.Value.Text), twoDigitTokens);

        foreach (var (user, (count, text)) in wanted)
        {
            var generation = await engine.CompleteAsync(EngineRun.Request(user, budget: 64, count: count));

            Assert.Equal(text, generation.Text);
            Assert.Equal(FinishReason.Stop, generation.Finish);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_the_model_prefers_the_answer_is_a_permutation_in_the_language(bool twoDigitTokens)
    {
        await using var engine = EngineRun.Start(new ScriptedRuntime(twoDigitTokens: twoDigitTokens));

        for (var i = 0; i < 300; i++)
        {
            var count = 2 + i % 19;
            var generation = await engine.CompleteAsync(EngineRun.Request($"window {i}", budget: i % 32, count: count));

            var answer = generation.Text[generation.Text.LastIndexOf("</think>", StringComparison.Ordinal)..];
            Assert.True(AnswerTexts.IsInLanguage(answer, count), answer);
            Assert.True(generation.Usage.CompletionTokens >= 2 * count);
        }
    }

    [Theory]
    [InlineData(20, 20, 36)]
    [InlineData(20, 10, 26)]
    public async Task Twenty_identifiers_digit_by_digit_take_few_steps(int count, int needed, int most)
    {
        var random = new Random(5);
        var wanted = Enumerable.Range(0, 200).ToDictionary(i => $"case {i}.", _ => "<think>\nhm\n" + Usual(random, count));
        await using var engine = Start(wanted, twoDigitTokens: false);

        foreach (var (user, text) in wanted)
        {
            var generation = await engine.CompleteAsync(EngineRun.Request(user, budget: 64, count: count, stopAfter: needed));

            Assert.StartsWith(generation.Text, text);
            Assert.InRange(generation.Usage.AnswerSteps, needed, most);
            Assert.Equal(needed == count ? FinishReason.Stop : FinishReason.EarlyStop, generation.Finish);
        }
    }

    [Fact]
    public async Task Jumping_forward_changes_no_token_and_saves_steps()
    {
        var random = new Random(6);
        var wanted = Enumerable.Range(0, 200).ToDictionary(
            i => $"case {i}.", i => "<think>\nhm" + AnswerTexts.Random(random, 2 + i % 19, AnswerTexts.Separators[i % 4]));
        await using var jumping = Start(wanted, twoDigitTokens: false);
        await using var plain = Start(wanted, twoDigitTokens: false, new EngineOptions { JumpForward = false });
        var (saved, i) = (0, 0);

        foreach (var user in wanted.Keys)
        {
            var request = EngineRun.Request(user, budget: 64, count: 2 + i++ % 19);
            var jumped = await jumping.CompleteAsync(request);
            var stepped = await plain.CompleteAsync(request);

            Assert.Equal(stepped.Text, jumped.Text);
            Assert.Equal(stepped.Usage.CompletionTokens, jumped.Usage.CompletionTokens);
            Assert.Equal(stepped.Usage.CompletionTokens - stepped.Usage.ReasoningTokens, stepped.Usage.AnswerSteps + 1);
            saved += stepped.Usage.AnswerSteps - jumped.Usage.AnswerSteps;
        }

        Assert.True(saved > 200 * 10, $"{saved} steps saved");
    }

    [Fact]
    public async Task A_separator_that_changes_is_kept_and_counted()
    {
        const string text = "<think>\nhm</think><answer>[11]>[1] > [10]>[2]>[3]>[4]>[5]>[6]>[7]>[8]>[9]</answer>";
        await using var engine = Start(new() { ["one."] = text }, twoDigitTokens: false, new EngineOptions { JumpForward = false });

        var generation = await engine.CompleteAsync(EngineRun.Request("one.", budget: 64, count: 11));

        Assert.Equal(text, generation.Text);
        Assert.Equal(2, generation.Usage.StyleBreaks);
    }

    private static string Usual(Random random, int count)
    {
        var ids = Enumerable.Range(1, count).ToArray();
        random.Shuffle(ids);
        return $"</think>\n\n<answer> {string.Join(" > ", ids.Select(id => $"[{id}]"))} </answer>";
    }

    private static LocalEngine Start(Dictionary<string, string> wanted, bool twoDigitTokens, EngineOptions? options = null)
    {
        var vocabulary = new ScriptedVocabulary(twoDigitTokens);
        var script = new WantedText(vocabulary, prompt => wanted[User(((ITokenizer)vocabulary).Text(prompt))]);
        return EngineRun.Start(new ScriptedRuntime(script.Fill, twoDigitTokens: twoDigitTokens), options);
    }

    private static string User(string prompt)
    {
        var start = prompt.IndexOf("user\n", StringComparison.Ordinal) + 5;
        return prompt[start..prompt.IndexOf("\nassistant", start, StringComparison.Ordinal)];
    }
}
