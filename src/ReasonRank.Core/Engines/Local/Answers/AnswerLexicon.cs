using System.Collections.Concurrent;

namespace ReasonRank.Engines.Local.Answers;

/// <summary>
/// The few hundred tokens of a vocabulary that can ever stand in an answer, found once at load by walking all token texts:
/// those that keep the answer automaton alive from some state. Works for any vocabulary, whether identifiers are one token or
/// digit by digit, brackets and spaces merged or not. Thread-safe.
/// </summary>
internal sealed class AnswerLexicon
{
    private readonly PromptTokenizer _prompts;
    private readonly ConcurrentDictionary<string, AnswerToken[]> _spelled = new();
    private readonly ITokenizer _tokenizer;

    /// <exception cref="ModelUnfitException">Some character of the answer language has no token of its own.</exception>
    public AnswerLexicon(ITokenizer tokenizer, PromptTokenizer prompts)
    {
        _tokenizer = tokenizer;
        _prompts = prompts;
        Tokens = [.. Find(tokenizer)];
        foreach (var letter in "</think>\n <answer>[0123456789]")
        {
            if (!Tokens.Any(token => token.Text.Length == 1 && token.Text[0] == letter))
                throw new ModelUnfitException($"The model's vocabulary has no token for '{letter}' alone: not every answer can be written in it.");
        }
    }

    /// <summary>In order of token id.</summary>
    public AnswerToken[] Tokens { get; }

    /// <summary>The model's own tokens for a text of the language.</summary>
    public AnswerToken[] Spell(string text) => _spelled.GetOrAdd(
        text, static (text, lexicon) => [.. lexicon._prompts.Encode(text).Select(id => new AnswerToken(id, lexicon._tokenizer.Bytes(id)))], this);

    private static IEnumerable<AnswerToken> Find(ITokenizer tokenizer)
    {
        var states = Places().ToArray();
        for (var id = 0; id < tokenizer.VocabularySize; id++)
        {
            if (tokenizer.IsControl(id) || tokenizer.IsEndOfGeneration(id))
                continue;
            var text = tokenizer.Bytes(id);
            if (states.Any(state => state.TryAdvance(text)))
                yield return new AnswerToken(id, text);
        }
    }

    /// <summary>A state for every stage, every progress within it and every kind of identifier begun.</summary>
    private static IEnumerable<AnswerState> Places()
    {
        const int most = PermutationAnswer.Limit;
        (AnswerStage Stage, int Steps)[] stages =
        [
            (AnswerStage.ThinkClose, "</think>".Length), (AnswerStage.SpaceAfterThink, 3), (AnswerStage.AnswerOpen, "<answer>".Length),
            (AnswerStage.SpaceBeforeId, 3), (AnswerStage.AfterId, 1), (AnswerStage.SpaceBeforeArrow, 1), (AnswerStage.AfterArrow, 1),
            (AnswerStage.SpaceAfterArrow, 1), (AnswerStage.SpaceAfterIds, 3), (AnswerStage.AnswerClose, "</answer>".Length),
        ];
        foreach (var (stage, steps) in stages)
        {
            for (var progress = 0; progress < steps; progress++)
                yield return AnswerState.Anywhere(stage, progress, most, 0);
        }
        for (var value = 0; value <= 99; value++)
        {
            yield return AnswerState.Anywhere(AnswerStage.Digits, 0, most, value);
            if (value > 0) // the last identifier: what closes the answer may hang on its bracket
                yield return AnswerState.LastOpen(value);
        }
    }
}

/// <summary>A token that can stand in an answer, and its bytes.</summary>
internal readonly record struct AnswerToken(int Id, byte[] Text);
