using System.Net.Http.Headers;
using System.Text.Json;

namespace ReasonRank.Tests.Api;

/// <summary>One request as a client's own code writes it, and what that code does with the answer.</summary>
/// <param name="Path">What the client makes of a base URL.</param>
/// <param name="Read">Throws where the client would.</param>
public sealed record ClientReplay(string Client, string Path, string Body, Action<JsonElement> Read)
{
    /// <summary>Documents of all replays: the second is best, then the third.</summary>
    public const string Numbers = """["the number is 1","the number is 3","the number is 2"]""";

    /// <summary>Headers besides the type, as "Name: value".</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    public override string ToString() => Client;

    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(Body, new MediaTypeHeaderValue("application/json")) };
        foreach (var header in Headers.Select(header => header.Split(": ", 2)))
            request.Headers.TryAddWithoutValidation(header[0], header[1]);
        return request;
    }

    /// <summary>Every client reads at least this: the order, from the highest score down.</summary>
    public static void ReadOrder(JsonElement list, string score)
    {
        var items = list.EnumerateArray().ToList();
        var scores = items.Select(item => item.GetProperty(score).GetDouble()).ToList();
        Assert.Equal(1, items[0].GetProperty("index").GetInt32());
        Assert.All(scores, one => Assert.True(double.IsFinite(one)));
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Equal(scores.Count, scores.Distinct().Count());
        Assert.Equal(items.Count, items.Select(item => item.GetProperty("index").GetInt32()).Distinct().Count());
    }

    public static void ReadResults(JsonElement answer) => ReadOrder(answer.GetProperty("results"), "relevance_score");

    /// <summary>Those that look whether the key is there, and then at its text: null would break them.</summary>
    public static void ReadDocumentIfPresent(JsonElement answer)
    {
        ReadResults(answer);
        foreach (var result in answer.GetProperty("results").EnumerateArray())
        {
            if (result.TryGetProperty("document", out var document))
                Assert.StartsWith("the number is", document.GetProperty("text").GetString(), StringComparison.Ordinal);
        }
    }

    public static void ReadDocuments(JsonElement answer)
    {
        ReadDocumentIfPresent(answer);
        Assert.True(answer.GetProperty("results")[0].TryGetProperty("document", out _));
    }

    public static void ReadModelAndUsage(JsonElement answer)
    {
        ReadResults(answer);
        Assert.Equal(JsonValueKind.String, answer.GetProperty("model").ValueKind);
        Assert.Equal(JsonValueKind.String, answer.GetProperty("id").ValueKind);
        Assert.True(answer.GetProperty("usage").GetProperty("total_tokens").TryGetInt32(out _));
        Assert.True(answer.GetProperty("usage").GetProperty("prompt_tokens").TryGetInt32(out _));
    }

    /// <summary>One result for each document, as some zip them by place.</summary>
    public static void ReadAll(JsonElement answer)
    {
        ReadResults(answer);
        Assert.Equal(3, answer.GetProperty("results").GetArrayLength());
    }

    public static void ReadBilledUnits(JsonElement answer)
    {
        ReadDocumentIfPresent(answer);
        Assert.True(answer.GetProperty("meta").GetProperty("billed_units").GetProperty("search_units").TryGetInt32(out _));
        Assert.True(answer.GetProperty("meta").GetProperty("tokens").GetProperty("input_tokens").TryGetInt32(out _));
    }

    public static void ReadTei(JsonElement answer)
    {
        ReadOrder(answer, "score");
        Assert.Equal(3, answer.GetArrayLength());
    }

    public static void ReadTeiTexts(JsonElement answer)
    {
        ReadOrder(answer, "score");
        Assert.All(answer.EnumerateArray(), item => Assert.StartsWith("the number is", item.GetProperty("text").GetString(), StringComparison.Ordinal));
    }

    public static void ReadNim(JsonElement answer) => ReadOrder(answer.GetProperty("rankings"), "logit");

    public static void ReadVoyage(JsonElement answer)
    {
        ReadOrder(answer.GetProperty("data"), "relevance_score");
        Assert.Equal("list", answer.GetProperty("object").GetString());
        Assert.True(answer.GetProperty("usage").GetProperty("total_tokens").TryGetInt32(out _));
    }

    public static void ReadMixedbread(JsonElement answer) => ReadOrder(answer.GetProperty("data"), "score");
}
