namespace ReasonRank.Ranking;

/// <summary>What a window, or several at the same time, will probably take besides its reasoning.</summary>
/// <param name="PromptTokens">Tokens to prefill.</param>
/// <param name="AnswerSteps">Steps after the reasoning.</param>
/// <param name="Windows">Windows at the same time: their prompts add up, their steps don't.</param>
internal readonly record struct WindowLoad(int PromptTokens, int AnswerSteps, int Windows = 1)
{
    /// <summary>Seconds from the end of the reasoning to the end of the window.</summary>
    public double AnswerSeconds(EngineRates rates) => AnswerSteps * rates.Step;

    /// <summary>Seconds of the whole window when it doesn't reason.</summary>
    public double Seconds(EngineRates rates) => rates.Overhead + (PromptTokens * rates.Prefill) + AnswerSeconds(rates);
}
