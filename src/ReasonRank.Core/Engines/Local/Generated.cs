namespace ReasonRank.Engines.Local;

/// <summary>What the loop knows of a finished sequence; its text is made by the waiter.</summary>
internal sealed record Generated(int[] Tokens, FinishReason Finish, GenerationUsage Usage, GenerationTimings Timings)
{
    public static Generated From(Sequence sequence, TimeProvider time)
    {
        var completion = sequence.Completion!;
        var (started, prefilled) = (sequence.Started!.Value, sequence.Prefilled!.Value);
        return new Generated(
            sequence.Generated.ToArray(),
            completion.Finish!.Value,
            new GenerationUsage
            {
                PromptTokens = sequence.PromptTokens,
                ReusedPromptTokens = sequence.Reused,
                CompletionTokens = sequence.Generated.Length,
                ReasoningTokens = completion.ReasoningTokens,
                PrefillSteps = sequence.PrefillSteps,
                DecodeSteps = completion.Steps,
                AnswerSteps = completion.AnswerSteps,
                StyleBreaks = completion.StyleBreaks,
            },
            new GenerationTimings(
                time.GetElapsedTime(sequence.Submitted, started),
                time.GetElapsedTime(started, prefilled),
                time.GetElapsedTime(prefilled)));
    }
}
