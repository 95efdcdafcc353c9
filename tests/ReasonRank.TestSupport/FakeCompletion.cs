using System.Text.RegularExpressions;
using ReasonRank.Engines;

namespace ReasonRank.TestSupport;

/// <summary>What a <see cref="FakeEngine"/> writes for one request, token by token.</summary>
internal sealed class FakeCompletion(FakeEngine engine, GenerationRequest request, string? scripted)
{
    /// <summary>Valid when the tokens have been read to the end.</summary>
    public FinishReason Finish { get; private set; } = FinishReason.Stop;

    /// <summary>Valid when the tokens have been read to the end; without the prompt.</summary>
    public GenerationUsage Usage { get; private set; } = new();

    public IEnumerable<string> Tokens()
    {
        if (scripted is not null)
            return Verbatim(scripted);
        return Reasoning().Concat(Answer());
    }

    private IEnumerable<string> Verbatim(string text)
    {
        var close = text.LastIndexOf("</think>", StringComparison.Ordinal);
        var limit = request.Reasoning.Budget + request.FreeAnswerTokens;
        foreach (var word in Split(text, keepEnd: true))
        {
            if (request.Answer is null && Usage.CompletionTokens == limit)
            {
                Finish = FinishReason.Length;
                yield break;
            }

            Count(reasoning: Usage.CompletionTokens < engine.CountTokens(text[..Math.Max(close, 0)]));
            yield return word;
        }
    }

    private IEnumerable<string> Reasoning()
    {
        if (request.Reasoning.Budget == 0)
        {
            yield return Forced(request.Reasoning.CloseText);
            yield break;
        }

        foreach (var word in Split("<think>\n" + engine.Thought))
        {
            if (engine.Clock is { } clock && request.Reasoning.CloseAt <= clock.GetTimestamp())
                Finish = FinishReason.Deadline;
            else if (Usage.ReasoningTokens == request.Reasoning.Budget)
                Finish = FinishReason.Budget;
            if (Finish != FinishReason.Stop)
            {
                yield return Forced(request.Reasoning.CloseText);
                yield break;
            }

            Count(reasoning: true);
            yield return word;
        }

        yield return Forced("\n</think>\n\n<answer>");
    }

    private IEnumerable<string> Answer()
    {
        var ids = engine.Rank(FakePassages.Read(request.Prompt.User));
        var wanted = Math.Min(request.Answer?.StopAfter ?? ids.Count, ids.Count);
        var free = request.Answer is null ? request.FreeAnswerTokens : int.MaxValue;
        for (var i = 0; i < wanted; i++)
        {
            if (i == free)
            {
                Finish = FinishReason.Length;
                yield break;
            }

            Count(reasoning: false);
            yield return i == 0 ? $"[{ids[i]}]" : $" > [{ids[i]}]";
        }

        if (wanted == ids.Count)
            yield return Forced("</answer>");
        else if (Finish == FinishReason.Stop)
            Finish = FinishReason.EarlyStop;
    }

    private string Forced(string text)
    {
        Count(reasoning: false);
        return text;
    }

    private void Count(bool reasoning) => Usage = Usage with
    {
        CompletionTokens = Usage.CompletionTokens + 1,
        ReasoningTokens = Usage.ReasoningTokens + (reasoning ? 1 : 0),
        DecodeSteps = Usage.DecodeSteps + 1,
        AnswerSteps = Usage.AnswerSteps + (reasoning ? 0 : 1),
    };

    private static IEnumerable<string> Split(string text, bool keepEnd = false)
    {
        var end = 0;
        foreach (Match word in FakeEngine.Words().Matches(text))
        {
            end = word.Index + word.Length;
            yield return word.Value;
        }

        if (keepEnd && end < text.Length)
            yield return text[end..];
    }
}
