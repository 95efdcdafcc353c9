namespace ReasonRank.Engines;

/// <summary>
/// The text seam: a chat prompt in, a reasoned answer out. Implementations batch the requests of all callers.
/// Thread-safe. Throws only <see cref="EngineException"/>, <see cref="OperationCanceledException"/> and argument errors.
/// </summary>
public interface IGenerationEngine : ITokenCounter
{
    /// <summary>What is being served; constant for the engine's life.</summary>
    EngineInfo Info { get; }

    /// <summary>Tokens of the whole prompt, chat markers included.</summary>
    int CountTokens(ChatPrompt prompt);

    /// <summary>
    /// Generates one completion. With <see cref="GenerationRequest.Stream"/> text arrives as it is decoded, cut at
    /// whole characters; the last chunk, and only that, carries the finished <see cref="Generation"/>.
    /// Cancellation, or leaving the enumeration, frees the sequence at the engine's next step.
    /// </summary>
    IAsyncEnumerable<GenerationChunk> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken);
}

/// <summary>Counts and cuts text in the tokens of the served model. Thread-safe.</summary>
public interface ITokenCounter
{
    /// <summary>Tokens of <paramref name="text"/> as it would stand inside a turn: chat markup in it is plain text.</summary>
    int CountTokens(string text);

    /// <summary>
    /// The first <paramref name="maxTokens"/> tokens of <paramref name="text"/> as text; the text itself when it is no longer.
    /// A cut inside a UTF-8 character decodes to U+FFFD, as the reference's does.
    /// </summary>
    string Truncate(string text, int maxTokens);
}
