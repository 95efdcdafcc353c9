using ReasonRank.Engines.Local.Answers;

namespace ReasonRank.Engines.Local;

/// <summary>What the loop takes for granted of a request. Checked on the caller's thread: in the loop, one that breaks it would stop everybody's engine.</summary>
internal static class RequestRules
{
    /// <exception cref="ArgumentException">The request breaks a rule; says which.</exception>
    public static void Check(GenerationRequest request)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(request.Reasoning.Budget);
        ArgumentOutOfRangeException.ThrowIfNegative(request.FreeAnswerTokens);
        if (!float.IsFinite(request.Sampling.Temperature))
            throw new ArgumentException("The temperature is a finite number.", nameof(request));
        if (request.Answer is not { } answer)
        {
            if (request.Reasoning.Budget + request.FreeAnswerTokens == 0)
                throw new ArgumentException("A free completion needs room for a token at least.", nameof(request));
            return;
        }
        if (answer.Count is < 1 or > PermutationAnswer.Limit || answer.StopAfter < 1 || answer.StopAfter > answer.Count)
            throw new ArgumentException($"An answer has 1..{PermutationAnswer.Limit} identifiers, of which at least one is needed.", nameof(request));
        if (AnswerState.Behind(request.Reasoning.CloseText, answer.Count) is null)
            throw new ArgumentException("The close of the reasoning must lead into the answer language.", nameof(request));
    }
}
