using Microsoft.Extensions.Logging.Abstractions;
using ReasonRank.Engines;
using ReasonRank.Engines.Local;

namespace ReasonRank.TestSupport;

/// <summary>Short ways to run an engine in a test.</summary>
public static class EngineRun
{
    /// <summary>Long enough for its cells to be worth sharing.</summary>
    public const string System = "Rank the passages.";

    public const string CloseText = "\n</think>\n\n<answer>";

    public static LocalEngine Start(IModelRuntime runtime, EngineOptions? options = null, TimeProvider? time = null) => new(
        runtime, options ?? new EngineOptions(), System, time ?? TimeProvider.System, NullLogger<LocalEngine>.Instance);

    public static GenerationRequest Request(
        string user, int budget = 16, int count = 0, int? stopAfter = null, Sampling sampling = default, uint seed = 0, string system = System) => new()
        {
            Prompt = new ChatPrompt(system, user),
            Sampling = sampling,
            Seed = seed,
            Reasoning = new Reasoning(budget, CloseText),
            Answer = count > 0 ? new PermutationAnswer(count, stopAfter ?? count) : null,
            FreeAnswerTokens = 32,
        };

    /// <summary>The finished generation; what was streamed before it is dropped.</summary>
    public static async Task<Generation> CompleteAsync(
        this IGenerationEngine engine, GenerationRequest request, CancellationToken cancellationToken = default)
    {
        Generation? finished = null;
        await foreach (var chunk in engine.GenerateAsync(request, cancellationToken))
            finished = chunk.Finished ?? finished;
        return finished ?? throw new InvalidOperationException("The generation ended without its last chunk.");
    }
}
