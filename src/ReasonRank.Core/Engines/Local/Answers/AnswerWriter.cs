namespace ReasonRank.Engines.Local.Answers;

/// <summary>
/// Writes an answer that is in the answer language by construction: draws among the tokens that keep the automaton alive, and jumps over
/// what has only one continuation. A separator counts as such once the model has written one: the next ones are put in
/// in the tokenization that the model used. The loop's thread only.
/// </summary>
internal sealed class AnswerWriter(Sequence sequence, PermutationAnswer answer, CompletionRules rules)
{
    private readonly int[] _allowed = new int[rules.Lexicon.Tokens.Length];
    private readonly SeparatorStyle _style = new();
    private AnswerState _state;

    /// <summary>How the answer ended; null while it goes on.</summary>
    public FinishReason? End { get; private set; }

    public int StyleBreaks => _style.Breaks;

    /// <summary>Starts with the token that closed the reasoning, if what it holds behind the close is in the language.</summary>
    public bool Begin(int token, ReadOnlySpan<byte> rest)
    {
        var state = AnswerState.AfterClose(answer.Count);
        if (rest.Length > 0 && !state.TryAdvance(rest))
            return false;
        sequence.Append(token);
        _state = state;
        Jump();
        return true;
    }

    /// <summary>Starts inside the close, of which some bytes already stand, with the likeliest token that goes on with it.</summary>
    public void BeginInside(int matched, ReadOnlySpan<float> logits)
    {
        _state = AnswerState.AtClose(answer.Count, matched);
        Advance(logits);
    }

    /// <summary>Starts behind a close that was put in.</summary>
    public void BeginAfter(string closeText)
    {
        _state = AnswerState.Behind(closeText, answer.Count)
            ?? throw new ArgumentException("The close of the reasoning must lead into the answer language.", nameof(closeText));
        Jump();
    }

    /// <summary>Draws the next token from logits, then jumps.</summary>
    public void Advance(ReadOnlySpan<float> logits)
    {
        var tokens = rules.Lexicon.Tokens;
        var count = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            var state = _state;
            if (tokens[i].Id < logits.Length && state.TryAdvance(tokens[i].Text))
                _allowed[count++] = i;
        }
        var drawn = rules.Sampler.Sample(
            logits, tokens, _allowed.AsSpan(0, count), sequence.Request.Sampling, sequence.Request.Seed, sequence.Count - sequence.PromptTokens);
        Take(tokens[_allowed[drawn]]);
        Jump();
    }

    private void Take(AnswerToken token)
    {
        sequence.Append(token.Id);
        _style.Read(token, _state.Completed > 0);
        _state.TryAdvance(token.Text);
    }

    private void Take(ReadOnlySpan<AnswerToken> tokens)
    {
        foreach (var token in tokens)
            Take(token);
    }

    /// <summary>Puts in what needs no logits. Leaves the last token to a step wherever a longer one could take its place.</summary>
    private void Jump()
    {
        while (!Ended() && rules.JumpForward && JumpOnce())
        {
        }
    }

    private bool Ended()
    {
        if (End is not null)
            return true;
        var determined = _state.DeterminedId > 0 ? 1 : 0;
        if (_state.IsDone)
            End = FinishReason.Stop;
        else if (answer.StopAfter < answer.Count && _state.Completed + determined >= answer.StopAfter)
            StopEarly(determined > 0);
        return End is not null;
    }

    private void StopEarly(bool closeBracket)
    {
        if (closeBracket)
            Take(rules.Spell("]"));
        End = FinishReason.EarlyStop;
    }

    private bool JumpOnce()
    {
        switch (_state.Stage)
        {
            case AnswerStage.Digits when _state.DeterminedId > 0:
                if (_state.Remaining == 1)
                    return _style.Bracket is { } bracket && TakeAll([bracket]);
                return TakeAll(_style.Rest);
            case AnswerStage.Digits when _state.RestOfOnlyId is { Length: > 0 } digits:
                return TakeAll(rules.Spell(digits));
            case AnswerStage.AfterId or AnswerStage.SpaceBeforeArrow or AnswerStage.AfterArrow or AnswerStage.SpaceAfterArrow:
                return TakeAll(_style.Rest);
            case AnswerStage.SpaceAfterThink or AnswerStage.AnswerOpen when _state.ForcedTag is { Length: > 0 } open:
                return TakeAll(WithoutOpenEnd(rules.Spell(open)));
            case AnswerStage.SpaceAfterIds or AnswerStage.AnswerClose when _state.ForcedTag is { Length: > 0 } close:
                return TakeAll(rules.Spell(close));
            default:
                return false;
        }
    }

    private bool TakeAll(ReadOnlySpan<AnswerToken> tokens)
    {
        Take(tokens);
        return tokens.Length > 0;
    }

    /// <summary>Without a final "&gt;" of its own: the model may want one that is merged with what follows.</summary>
    private static ReadOnlySpan<AnswerToken> WithoutOpenEnd(AnswerToken[] tokens) =>
        tokens[^1].Text.AsSpan().SequenceEqual(">"u8) ? tokens.AsSpan(0, tokens.Length - 1) : tokens;
}
