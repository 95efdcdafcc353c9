using ReasonRank.Engines.Local.Answers;

namespace ReasonRank.Engines.Local;

/// <summary>
/// What one sequence may generate next: reasoning until it closes itself, is closed by its budget or its time, or ends otherwise; then an
/// answer held to the answer language. Each call takes one row of logits and appends at least one token. The loop's thread only.
/// </summary>
internal sealed class Completion
{
    private readonly Sequence _sequence;
    private readonly CompletionRules _rules;
    private readonly AnswerWriter? _answer;
    private ReasoningWatch _watch;
    private bool _isReasoning = true;
    private FinishReason _closedBy = FinishReason.Stop;

    public Completion(Sequence sequence, CompletionRules rules)
    {
        _sequence = sequence;
        _rules = rules;
        _watch = new ReasoningWatch(closeOnly: sequence.Request.Answer is null);
        if (sequence.Request.Answer is { } answer)
            _answer = new AnswerWriter(sequence, answer, rules);
        if (sequence.Request.Reasoning.Budget == 0)
            Close(FinishReason.Stop);
    }

    public FinishReason? Finish { get; private set; }

    public int ReasoningTokens { get; private set; }

    public int Steps { get; private set; }

    public int AnswerSteps { get; private set; }

    public int StyleBreaks => _answer?.StyleBreaks ?? 0;

    /// <summary>Draws what the logits of the sequence's last token say, and whatever follows from it without another step.</summary>
    /// <param name="now">The timestamp of this step.</param>
    public void Advance(ReadOnlySpan<float> logits, long now)
    {
        Steps++;
        if (!_isReasoning)
            AdvanceAnswer(logits);
        else if (_answer is not null && now >= (_sequence.Request.Reasoning.CloseAt ?? long.MaxValue))
            Close(FinishReason.Deadline);
        else
            AdvanceReasoning(logits);
    }

    private void AdvanceReasoning(ReadOnlySpan<float> logits)
    {
        var token = Draw(logits);
        if (_rules.Tokenizer.IsEndOfGeneration(token))
        {
            if (_answer is null)
                Finish = FinishReason.Stop;
            else
                Close(FinishReason.Stop);
            return;
        }

        var text = _rules.Text(token);
        var matched = _watch.Matched;
        var end = _watch.Read(text, out var rest);
        if (end == ReasoningEnd.Close)
        {
            _isReasoning = false;
            if (_answer is null)
                _sequence.Append(token);
            else if (!_answer.Begin(token, text.AsSpan(rest)))
                _answer.BeginInside(matched, logits); // what the token adds to the close is no answer: take the likeliest that is
            Settle();
            StopWhenFull();
            return;
        }

        _sequence.Append(token);
        ReasoningTokens++;
        if (end == ReasoningEnd.Answer)
            Close(FinishReason.Stop);
        else if (_answer is not null && ReasoningTokens >= _sequence.Request.Reasoning.Budget)
            Close(FinishReason.Budget);
        StopWhenFull();
    }

    private void AdvanceAnswer(ReadOnlySpan<float> logits)
    {
        AnswerSteps++;
        if (_answer is not null)
        {
            _answer.Advance(logits);
            Settle();
            return;
        }
        var token = Draw(logits);
        if (_rules.Tokenizer.IsEndOfGeneration(token))
            Finish = FinishReason.Stop;
        else
            _sequence.Append(token);
        StopWhenFull();
    }

    /// <summary>Ends the reasoning with the profile's close, whose tokens go in without steps of their own.</summary>
    private void Close(FinishReason by)
    {
        _isReasoning = false;
        _closedBy = by;
        foreach (var token in _rules.Spell(_sequence.Request.Reasoning.CloseText))
            _sequence.Append(token.Id);
        _answer?.BeginAfter(_sequence.Request.Reasoning.CloseText);
    }

    private void Settle()
    {
        if (_answer?.End is { } end)
            Finish = _closedBy != FinishReason.Stop ? _closedBy : end;
    }

    /// <summary>A free completion is cut where its room ends.</summary>
    private void StopWhenFull()
    {
        if (_answer is null && Finish is null && _sequence.Count >= _sequence.Need)
            Finish = FinishReason.Length;
    }

    private int Draw(ReadOnlySpan<float> logits) =>
        _rules.Sampler.Sample(logits, _sequence.Request.Sampling, _sequence.Request.Seed, _sequence.Count - _sequence.PromptTokens);
}

/// <summary>What all completions of one engine share. The loop's thread only.</summary>
internal sealed class CompletionRules(ITokenizer tokenizer, AnswerLexicon lexicon, TokenSampler sampler, bool jumpForward)
{
    private readonly byte[]?[] _texts = new byte[tokenizer.VocabularySize][];

    public ITokenizer Tokenizer => tokenizer;

    public AnswerLexicon Lexicon => lexicon;

    public TokenSampler Sampler => sampler;

    /// <summary>Puts in what the answer language leaves no choice about, without steps of its own.</summary>
    public bool JumpForward => jumpForward;

    /// <summary>The bytes of a token, read from the runtime once.</summary>
    public byte[] Text(int token) => _texts[token] ??= tokenizer.Bytes(token);

    public AnswerToken[] Spell(string text) => lexicon.Spell(text);
}
