using System.Text.Json;
using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Api.Dialects;

/// <summary>Chooses the dialect that a request speaks: by the keys of its body, not by the path, since paths are shared.</summary>
internal static class DialectChoice
{
    public const string Header = "X-Rerank-Dialect";
    private static readonly string[] ListKeys = ["texts", "passages", "input", "documents"];
    private static readonly VoyageDialect Voyage = new();
    private static readonly TeiDialect Tei = new();
    private static readonly NimDialect Nim = new();
    private static readonly MixedbreadDialect Mixedbread = new();

    /// <summary>Answers those whose dialect isn't known.</summary>
    public static IDialect Default { get; } = new NativeDialect();

    /// <exception cref="RequestException">The body speaks none, or several at once.</exception>
    public static IDialect Of(JsonFields body, IHeaderDictionary headers)
    {
        if (headers[Header].ToString() is { Length: > 0 } name)
            return Named(name);
        string[] keys = [.. ListKeys.Where(body.Has)];
        if (keys.Length > 1)
            throw new RequestException(RequestFault.Ambiguous, keys[1], $"{keys[1]} and {keys[0]} cannot be given together: each names the passages.");
        return keys switch
        {
            ["texts"] => Tei,
            ["passages"] => Nim,
            ["input"] => Mixedbread,
            ["documents"] => SpeaksVoyage(body, headers) ? Voyage : Default,
            _ => throw RequestException.Breaks("documents", "is required; passages may also stand under texts, passages or input"),
        };
    }

    /// <summary>Voyage's clients leave out all that tells their requests from Cohere's when they are asked for everything; then only their name is left.</summary>
    private static bool SpeaksVoyage(JsonFields body, IHeaderDictionary headers) =>
        (body.Has("top_k") && !body.Has("top_n"))
        || body.Find("truncation") is { Value.ValueKind: JsonValueKind.True or JsonValueKind.False }
        || headers.UserAgent.ToString().Contains("voyage", StringComparison.OrdinalIgnoreCase);

    private static IDialect Named(string name) => name.ToLowerInvariant() switch
    {
        "native" or "cohere" or "jina" => Default,
        "tei" => Tei,
        "nim" => Nim,
        "voyage" => Voyage,
        "mixedbread" => Mixedbread,
        _ => throw RequestException.Breaks(Header, "must be native, cohere, jina, tei, nim, voyage or mixedbread"),
    };
}
