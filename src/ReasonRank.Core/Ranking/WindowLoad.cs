namespace ReasonRank.Ranking;

/// <summary>What a window, or several at the same time, will probably take.</summary>
/// <param name="PromptTokens">Tokens to prefill.</param>
/// <param name="AnswerSteps">Steps after the reasoning.</param>
/// <param name="Reasoning">Reasoning tokens, in three windows of four no more than this.</param>
/// <param name="Windows">Windows at the same time: their prompts add up, their steps don't.</param>
internal readonly record struct WindowLoad(int PromptTokens, int AnswerSteps, int Reasoning, int Windows = 1)
{
    // An answer that comes too late loses its whole window, reasoning and all; one that comes early loses nothing.
    private const double AnswerSlack = 1.5;

    /// <summary>The same as seconds.</summary>
    public WindowCost Cost(EngineRates rates)
    {
        var answer = AnswerSteps * rates.Step;
        return new WindowCost(rates.Overhead + (PromptTokens * rates.Prefill) + answer, AnswerSlack * answer, Reasoning * rates.Step);
    }
}

/// <summary>What a window costs, in seconds.</summary>
/// <param name="Fixed">Without reasoning.</param>
/// <param name="Answer">The part of that which comes after the reasoning, and something over.</param>
/// <param name="Reasoning">The reasoning, as long as it usually is.</param>
internal readonly record struct WindowCost(double Fixed, double Answer, double Reasoning);
