using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ReasonRank.Engines;

namespace ReasonRank.Benchmarks;

/// <summary>An engine that remembers what its generations used, and how often work began when there was none.</summary>
internal sealed class RecordingEngine(IGenerationEngine engine) : IGenerationEngine
{
    private int _running;
    private int _rounds;

    public ConcurrentQueue<Generation> Generations { get; } = new();

    /// <summary>Generations, or groups of them at the same time, that came one after another.</summary>
    public int Rounds => _rounds;

    public EngineInfo Info => engine.Info;

    public int CountTokens(string text) => engine.CountTokens(text);

    public int CountTokens(ChatPrompt prompt) => engine.CountTokens(prompt);

    public string Truncate(string text, int maxTokens) => engine.Truncate(text, maxTokens);

    public async IAsyncEnumerable<GenerationChunk> GenerateAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _running) == 1)
            _rounds++;
        try
        {
            await foreach (var chunk in engine.GenerateAsync(request, cancellationToken).ConfigureAwait(false))
            {
                if (chunk.Finished is { } finished)
                    Generations.Enqueue(finished);
                yield return chunk;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
