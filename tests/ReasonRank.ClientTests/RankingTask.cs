using System.Text.Json;
using ReasonRank.TestSupport;

namespace ReasonRank.ClientTests;

/// <summary>What clients/task.mjs gives to every client: 20 true sentences, some of them on the query's subject.</summary>
internal static class RankingTask
{
    /// <summary>Results in the second of the two rankings that every client asks for.</summary>
    public const int Top = 5;

    private static readonly JsonElement File = JsonElement.Parse(Checkout.Read("tests/ReasonRank.ClientTests/clients/passages.json"));

    public static string Query { get; } = File.GetProperty("query").GetString()!;

    public static IReadOnlyList<string> Passages { get; } = [.. File.GetProperty("passages").EnumerateArray().Select(passage => passage.GetString()!)];
}
