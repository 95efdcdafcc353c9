using ReasonRank.Engines;

namespace ReasonRank.Prompting;

/// <summary>A window's prompt that leaves room in the context for its completion.</summary>
/// <param name="PromptTokens">Tokens of the prompt, chat markers included.</param>
/// <param name="ReasoningBudget">The effective reasoning budget: what was asked, or what the context leaves.</param>
/// <param name="PassageLimit">Tokens that this window's passages were cut to; null when they stand as prepared.</param>
public sealed record FittedPrompt(ChatPrompt Prompt, int PromptTokens, int ReasoningBudget, int? PassageLimit)
{
    /// <summary>Renders a window. The reasoning budget shrinks before any passage is cut.</summary>
    /// <param name="answerReserve">Tokens that the close and the longest answer take.</param>
    /// <param name="askedBudget">Reasoning tokens wanted; 0 is think-free.</param>
    /// <exception cref="PromptTooLongException">It can't be made to fit; the exception names the field to blame.</exception>
    public static FittedPrompt Render(
        ListwisePrompt prompt, IReadOnlyList<PassageText> window, IGenerationEngine engine, int answerReserve, int askedBudget)
    {
        var budget = new PassageBudget(engine.Info.ContextTokens, answerReserve, askedBudget);
        int? limit = null;
        while (true)
        {
            var chat = prompt.Render(window);
            var tokens = engine.CountTokens(chat);
            if (budget.Reasoning(tokens) is { } reasoning)
                return new FittedPrompt(chat, tokens, reasoning, limit);
            var passages = window.Select(passage => engine.CountTokens(passage.Text)).ToArray();
            limit = budget.PassageLimit(new PromptCost(tokens, 2 * engine.CountTokens(prompt.Query), passages), limit);
            window = [.. window.Select(passage => passage.Trim(limit.Value, engine))];
        }
    }
}
