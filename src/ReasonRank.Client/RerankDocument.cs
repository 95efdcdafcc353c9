namespace ReasonRank.Client;

/// <summary>A candidate.</summary>
/// <param name="Text">What is ranked.</param>
public sealed record RerankDocument(string Text)
{
    /// <summary>Given back with the result; it needn't be unique.</summary>
    public string? Id { get; init; }

    /// <summary>Shown to the model before the text.</summary>
    public string? Title { get; init; }

    /// <summary>The score of an earlier stage.</summary>
    public double? Score { get; init; }

    /// <summary>A document with nothing but text.</summary>
    public static implicit operator RerankDocument(string text) => new(text);

    /// <summary>A document with nothing but text.</summary>
    public static RerankDocument FromString(string text) => new(text);
}
