namespace ReasonRank.Engines;

/// <summary>What an engine can't do for a caller. The message is fit for a client: it holds no user text.</summary>
public abstract class EngineException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The prompt and the shortest completion don't fit the context.</summary>
/// <param name="field">The field of the native dialect to blame; null when no single one is.</param>
public sealed class PromptTooLongException(string message, string? field = null) : EngineException(message)
{
    public string? Field { get; } = field;
}

/// <summary>The engine is loading, stopping or dead.</summary>
public sealed class EngineUnavailableException(string message, Exception? inner = null) : EngineException(message, inner);

/// <summary>This generation failed; others go on.</summary>
public sealed class GenerationFailedException(string message, Exception? inner = null) : EngineException(message, inner);
