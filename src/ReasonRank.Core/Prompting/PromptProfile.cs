using ReasonRank.Engines;

namespace ReasonRank.Prompting;

/// <summary>
/// The words that one family of ReasonRank models was trained with, and how to sample from it. One character more or less costs
/// ranking quality, so nothing in a profile is configurable.
/// </summary>
public sealed record PromptProfile
{
    private const string Role =
        "You are RankLLM, an intelligent assistant that can rank passages based on their relevance to the query.";

    /// <summary>ReasonRank 7B and 32B, trained from Qwen2.5.</summary>
    public static PromptProfile ReasonRank { get; } = new()
    {
        Name = "reasonrank",
        // "you first thinks" is how the training data have it.
        System = Role + " Given a query and a passage list, you first thinks about the reasoning process in the mind and then provides the "
            + "answer (i.e., the reranked passage list). The reasoning process and answer are enclosed within <think> </think> and "
            + "<answer> </answer> tags, respectively, i.e., <think> reasoning process here </think> <answer> answer here </answer>.",
        AnswerInstruction = "The format of the answer should be [] > [], e.g., [2] > [1].",
        Sampling = Sampling.Greedy,
        ThinkFreeText = "<answer>",
    };

    /// <summary>ReasonRank 8B, trained from Qwen3.</summary>
    public static PromptProfile ReasonRankQwen3 { get; } = new()
    {
        Name = "reasonrank-qwen3",
        System = Role,
        AnswerInstruction = "The final ranked list should be enclosed within <answer> </answer> tags, i.e., <answer> ranked list here </answer>. "
            + "The format of ranked list should be [] > [], e.g., [2] > [1]. Only respond with the ranking results, do not say any word or explain.",
        Sampling = new Sampling(0.6f, TopK: 20, TopP: 0.95f),
        ThinkFreeText = "<think>\n\n</think>\n\n<answer>",
    };

    public static IReadOnlyList<PromptProfile> All { get; } = [ReasonRank, ReasonRankQwen3];

    /// <summary>The name in configuration, flags and responses.</summary>
    public required string Name { get; init; }

    /// <summary>The system turn.</summary>
    public required string System { get; init; }

    /// <summary>The end of the user turn: what an answer looks like.</summary>
    public required string AnswerInstruction { get; init; }

    /// <summary>How the model's authors sample.</summary>
    public required Sampling Sampling { get; init; }

    /// <summary>What stands in place of the whole reasoning when the budget is 0.</summary>
    public required string ThinkFreeText { get; init; }

    /// <summary>Ends a reasoning that its budget cuts.</summary>
    public string CloseText { get; } = "\n</think>\n\n<answer>";

    /// <summary>Reasoning tokens a window unless asked otherwise: the longest reasoning seen in training.</summary>
    public int ReasoningBudget { get; } = 3072;

    /// <summary>The reasoning bounds for a window: the close of this profile, or no reasoning at all for a budget of 0.</summary>
    public Reasoning Reason(int budget, long? closeAt = null) =>
        new(budget, budget == 0 ? ThinkFreeText : CloseText, closeAt);

    /// <summary>The profile called <paramref name="name"/>, whatever its case; null when there is none.</summary>
    public static PromptProfile? Find(string name) =>
        All.FirstOrDefault(profile => profile.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The profile of a served model.</summary>
    public static PromptProfile For(EngineInfo engine) => For(engine.Model, engine.Architecture, engine.Metadata);

    /// <summary>
    /// The profile of a model, from its metadata: Qwen3 by architecture or name, or ReasonRank-8B by name where a server tells no more;
    /// everything else is a Qwen2.5 descendant.
    /// </summary>
    /// <param name="metadata">As in the model's GGUF; may be empty.</param>
    public static PromptProfile For(string model, string architecture, IReadOnlyDictionary<string, string> metadata)
    {
        var names = metadata
            .Where(entry => entry.Key is "general.name" or "general.basename" or "general.base_model.0.name")
            .Select(entry => entry.Value)
            .Append(architecture)
            .Append(model);
        return names.Any(IsQwen3) ? ReasonRankQwen3 : ReasonRank;

        static bool IsQwen3(string name) =>
            name.Contains("qwen3", StringComparison.OrdinalIgnoreCase)
            || name.Contains("reasonrank-8b", StringComparison.OrdinalIgnoreCase);
    }
}
