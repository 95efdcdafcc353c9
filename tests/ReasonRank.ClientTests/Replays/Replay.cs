using System.Text.Json;
using System.Text.Json.Nodes;

namespace ReasonRank.ClientTests.Replays;

/// <summary>Requests as clients send them that npm doesn't have, and what all of them rely on in the answers.</summary>
internal static class Replay
{
    public static IReadOnlyList<string> Passages { get; } = [.. RankingTask.Passages.Take(6)];

    /// <summary>The query and six passages under the client's names for them, and what else the client sends.</summary>
    /// <param name="more">A JSON object.</param>
    public static JsonObject Body(string listKey, string more)
    {
        var body = JsonNode.Parse(more)!.AsObject();
        body["query"] ??= RankingTask.Query;
        body[listKey] = new JsonArray([.. Passages.Select(passage => JsonValue.Create(passage))]);
        return body;
    }

    /// <summary>A list of results: whole or cut as asked, each passage once at most, finite scores that strictly decrease.</summary>
    /// <returns>The indices, best first.</returns>
    public static IReadOnlyList<int> Check(JsonElement list, string score, int count)
    {
        var indices = list.EnumerateArray().Select(item => item.GetProperty("index").GetInt32()).ToList();
        var scores = list.EnumerateArray().Select(item => item.GetProperty(score).GetDouble()).ToList();
        Assert.Equal(count, indices.Count);
        Assert.Equal(count, indices.Distinct().Count());
        Assert.All(indices, index => Assert.InRange(index, 0, Passages.Count - 1));
        Assert.All(scores, value => Assert.True(double.IsFinite(value)));
        Assert.All(scores.Zip(scores.Skip(1)), pair => Assert.True(pair.First > pair.Second));
        return indices;
    }

    /// <summary>A number that Python reads as an int.</summary>
    public static void IsInteger(JsonElement value) => Assert.Matches("^[0-9]+$", value.GetRawText());
}
