namespace ReasonRank.Prompting;

/// <summary>A model's output, read.</summary>
/// <param name="Permutation">Every passage of the window once, whatever the model wrote.</param>
/// <param name="Reasoning">The reasoning without its tags and surrounding white space.</param>
/// <param name="Answer">The part that was read for identifiers, as written, without its tags and surrounding white space.</param>
public sealed record ParsedAnswer(
    Permutation Permutation, AnswerStatus Status, AnswerRepairs Repairs, string Reasoning, string Answer);

/// <summary>What an answer had wrong.</summary>
/// <param name="Missing">Identifiers needed and not given.</param>
/// <param name="Repeated">Identifiers given again.</param>
/// <param name="Unknown">Numbers that are no identifier of the window.</param>
public readonly record struct AnswerRepairs(int Missing, int Repeated, int Unknown)
{
    public int Total => Missing + Repeated + Unknown;
}

/// <summary>How outputs are read.</summary>
public enum ParseMode
{
    /// <summary>Numbers inside the reasoning are never read as the ranking.</summary>
    Safe,

    /// <summary>As the reference reads them, quirks and all.</summary>
    Reference,
}
