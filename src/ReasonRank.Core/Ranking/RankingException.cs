namespace ReasonRank.Ranking;

/// <summary>A request that can't be ranked. The message is fit for a client: it holds no user text.</summary>
public abstract class RankingException(string message) : Exception(message);

/// <summary>Too much work is waiting.</summary>
/// <param name="retryAfter">When asking again makes sense; whole seconds, at least 1.</param>
public sealed class OverloadedException(string message, TimeSpan retryAfter) : RankingException(message)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>The deadline came and the client asked for an error rather than the order so far.</summary>
public sealed class DeadlineExceededException(string message) : RankingException(message);

/// <summary>A field of the request breaks a rule that only the served model or the configuration knows.</summary>
/// <param name="field">The field's wire name in the native dialect.</param>
public sealed class InvalidRequestException(string field, string message) : RankingException(message)
{
    public string Field { get; } = field;
}
