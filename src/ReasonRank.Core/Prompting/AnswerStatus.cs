namespace ReasonRank.Prompting;

/// <summary>How much of a window's answer could be used.</summary>
public enum AnswerStatus
{
    /// <summary>The answer was a permutation, or its head where no more was needed.</summary>
    Ok,

    /// <summary>Identifiers were missing, repeated or unknown.</summary>
    Repaired,

    /// <summary>The output was cut before any identifier: the window keeps its order.</summary>
    Truncated,

    /// <summary>No identifier was found: the window keeps its order.</summary>
    Fallback,
}
