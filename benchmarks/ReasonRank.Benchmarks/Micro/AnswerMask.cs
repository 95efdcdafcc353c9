using BenchmarkDotNet.Attributes;
using ReasonRank.Engines.Local.Answers;
using ReasonRank.Engines.Local;
using ReasonRank.TestSupport;

namespace ReasonRank.Benchmarks.Micro;

/// <summary>One constrained step: which of the lexicon's tokens keep the answer alive.</summary>
[MemoryDiagnoser]
public class AnswerMask
{
    private AnswerToken[] _tokens = [];
    private AnswerState _state;

    [GlobalSetup]
    public void SetUp()
    {
        var vocabulary = new ScriptedVocabulary(twoDigitTokens: true);
        _tokens = new AnswerLexicon(vocabulary, new PromptTokenizer(vocabulary)).Tokens;
        _state = AnswerState.AtClose(20);
        if (!_state.TryAdvance("</think>\n\n<answer> [3] > [1] > [12] > ["u8))
            throw new InvalidOperationException("The state isn't in the language.");
    }

    [Benchmark(Description = "tokens that keep an answer alive | token of the answer")]
    public int Mask()
    {
        var alive = 0;
        foreach (var token in _tokens)
        {
            var state = _state;
            alive += state.TryAdvance(token.Text) ? 1 : 0;
        }
        return alive;
    }
}
