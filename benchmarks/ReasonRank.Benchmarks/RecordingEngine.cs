using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ReasonRank.Engines;

namespace ReasonRank.Benchmarks;

/// <summary>An engine that remembers what its generations used.</summary>
internal sealed class RecordingEngine(IGenerationEngine engine) : IGenerationEngine
{
    public ConcurrentQueue<Generation> Generations { get; } = new();

    public EngineInfo Info => engine.Info;

    public int CountTokens(string text) => engine.CountTokens(text);

    public int CountTokens(ChatPrompt prompt) => engine.CountTokens(prompt);

    public string Truncate(string text, int maxTokens) => engine.Truncate(text, maxTokens);

    public async IAsyncEnumerable<GenerationChunk> GenerateAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var chunk in engine.GenerateAsync(request, cancellationToken).ConfigureAwait(false))
        {
            if (chunk.Finished is { } finished)
                Generations.Enqueue(finished);
            yield return chunk;
        }
    }
}
