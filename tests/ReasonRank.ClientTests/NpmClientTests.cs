using System.Text.Json;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace ReasonRank.ClientTests;

/// <summary>Unmodified packages from npm rerank the same 20 passages on a running service; nothing is changed for them but base URL and key.</summary>
[Collection(WithRunningService.Name)]
public sealed class NpmClientTests(RunningService service, NpmClientTests.List list) : IClassFixture<NpmClientTests.List>
{
    public static TheoryData<string> Scripts => [.. ClientScript.Names];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_client_gets_a_whole_ranking_in_its_own_types(string script)
    {
        // A key of its own keeps the client away from what the cache holds for others.
        var key = RunningService.Keys[1 + ClientScript.Names.ToList().IndexOf(script)];

        var report = await ClientScript.RunAsync(script, service.Address, key);

        list.Add(report);
        Check(report.All, RankingTask.Passages.Count);
        Check(report.Best, RankingTask.Top);
        await SameAsOursAsync(report.All, null, key);
        await SameAsOursAsync(report.Best, RankingTask.Top, key);
    }

    private static void Check(IReadOnlyList<ClientResult> results, int count)
    {
        Assert.Equal(count, results.Select(result => result.Index).Distinct().Count());
        Assert.Equal(count, results.Count);
        Assert.All(results, result => Assert.InRange(result.Index, 0, RankingTask.Passages.Count - 1));
        Assert.All(results, result => Assert.InRange(result.Score, double.Epsilon, 1));
        Assert.All(results.Zip(results.Skip(1)), pair => Assert.True(pair.First.Score > pair.Second.Score));
        Assert.All(results, result => Assert.True(result.Text is null || result.Text == RankingTask.Passages[result.Index]));
    }

    /// <summary>
    /// The same task in our own words must be in the cache by now: that proves that the client's words meant just that, and that it showed the
    /// order and the scores that the model really gave.
    /// </summary>
    private async Task SameAsOursAsync(IReadOnlyList<ClientResult> results, int? topN, string key)
    {
        var ours = await service.AskAsync("/rerank", new { query = RankingTask.Query, documents = RankingTask.Passages, top_n = topN }, ("Authorization", $"Bearer {key}"));

        Assert.True(ours.GetProperty("meta").GetProperty("cached").GetBoolean(), "The client's request meant something else.");
        Assert.Equal(
            ours.GetProperty("results").EnumerateArray().Select(result => (result.GetProperty("index").GetInt32(), result.GetProperty("relevance_score").GetDouble())),
            results.Select(result => (result.Index, result.Score)));
    }

    /// <summary>Prints the clients and their versions when all have been here.</summary>
    public sealed class List(IMessageSink messages) : IDisposable
    {
        private readonly List<string> _lines = [];

        internal void Add(ClientReport report) => _lines.Add($"{report.Package} {report.Version}: {report.Name}");

        public void Dispose() =>
            messages.OnMessage(new DiagnosticMessage("Clients from npm that reranked {0} passages:\n  {1}", RankingTask.Passages.Count, string.Join("\n  ", _lines.Order())));
    }
}
