using BenchmarkDotNet.Attributes;
using ReasonRank.Engines;
using ReasonRank.Prompting;
using ReasonRank.TestSupport;
using ReasonRank.Engines.Local;

namespace ReasonRank.Benchmarks.Micro;

/// <summary>A window's prompt from raw passages, and an answer read back.</summary>
[MemoryDiagnoser]
public class Rendering
{
    private readonly PromptTokenizer _counter = new(new ScriptedVocabulary());
    private readonly string[] _passages = [.. Enumerable.Range(0, 20).Select(i => string.Join(' ', Enumerable.Repeat($"Passage {i} says “something” of use.", 40)))];
    private readonly string _answer = "<think>\n" + string.Concat(Enumerable.Repeat("Passage [3] is on topic. ", 120))
        + "\n</think>\n\n<answer> " + string.Join(" > ", Enumerable.Range(1, 20).Reverse().Select(id => $"[{id}]")) + " </answer>";
    private PassageText[] _prepared = [];

    [GlobalSetup]
    public void SetUp() => _prepared = Prepare();

    [Benchmark(Description = "20 passages of 1,400 letters prepared | request")]
    public PassageText[] Prepare() => [.. _passages.Select(text => PassageText.Prepare(text, null, 100_000, _counter))];

    [Benchmark(Description = "prompt of 20 passages | window")]
    public ChatPrompt Render() => new ListwisePrompt(PromptProfile.ReasonRank, "what is of use?").Render(_prepared);

    [Benchmark(Description = "answer of 20 identifiers read | window")]
    public ParsedAnswer Parse() => AnswerParser.Parse(_answer, 20);
}
