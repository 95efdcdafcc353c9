using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ReasonRank.Cli;
using ReasonRank.Ranking;

namespace ReasonRank.Tests.Cli;

public sealed class EvalCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reasonrank-eval-");

    public EvalCommandTests()
    {
        Write("queries.jsonl", """
            {"_id": "q1", "text": "red fox"}
            {"_id": "q2", "text": "blue whale"}
            """);
        Write("corpus.jsonl", """
            {"_id": "d1", "title": "", "text": "a stone"}
            {"_id": "d2", "title": "Fox", "text": "the red fox"}
            {"_id": "d3", "title": "", "text": "a blue whale"}
            {"_id": "d4", "title": "", "text": "in no run"}
            """);
        Write("run.trec", "q1 Q0 d1 1 3 x\nq1 Q0 d2 2 2 x\nq1 Q0 d3 3 1 x\nq2 Q0 d1 1 2 x\nq2 Q0 d3 2 1 x\n");
        Write("qrels.txt", "q1 0 d2 1\nq2 0 d3 2\nq3 0 d1 1\n");
    }

    [Fact]
    public async Task The_order_given_bm25_and_the_reranked_run_are_scored_and_written()
    {
        var composition = new Composition { Http = () => throw new InvalidOperationException(), OpenModel = (_, _) => new LastFirst() };

        var run = await CliRun.RunAsync(composition, "", Arguments("--model", Path("run.trec"), "--out", Path("out.trec")));

        Assert.Equal(0, run.Code);
        Assert.Equal(
            """
            run       queries    nDCG@1    nDCG@5   nDCG@10       MRR Recall@10
            given           2    0.0000    0.6309    0.6309    0.5000    1.0000
            bm25            2    1.0000    1.0000    1.0000    1.0000    1.0000
            reranked        2    0.5000    0.8155    0.8155    0.7500    1.0000

            """,
            run.Output);
        Assert.StartsWith("q1 Q0 d3 1 1 reasonrank\nq1 Q0 d2 2 0.5 reasonrank\n", await File.ReadAllTextAsync(Path("out.trec")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beyond_the_results_asked_for_the_given_order_stays()
    {
        var composition = new Composition { OpenModel = (_, _) => new LastFirst() };

        await CliRun.RunAsync(composition, "", Arguments("--model", Path("run.trec"), "--top-n", "1", "--out", Path("out.trec")));

        Assert.Equal(
            ["d3", "d1", "d2", "d3", "d1"],
            (await File.ReadAllLinesAsync(Path("out.trec"))).Select(line => line.Split(' ')[2]));
    }

    [Fact]
    public async Task A_refusal_by_a_busy_server_costs_a_wait_and_not_the_evaluation()
    {
        using var server = new StubServer(HttpStatusCode.OK, """{"results": [{"index": 1}]}""")
        {
            Refusals = 1,
            RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(30)),
        };
        var clock = new SkippingClock();
        var composition = new Composition { Http = () => new HttpClient(server, disposeHandler: false), Time = clock };

        var run = await CliRun.RunAsync(composition, "", Arguments("--url", "http://host"));

        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Contains("reranked        2    1.0000", run.Output, StringComparison.Ordinal);
        Assert.Equal(3, server.Requests);
        Assert.Equal(TimeSpan.FromSeconds(30), Assert.Single(clock.Waits));
    }

    [Theory]
    [InlineData("""{"results": [{"index": 7}]}""")]
    [InlineData("""{"results": [{"index": 0}, {"index": 0}]}""")]
    [InlineData("""{"results": [{"index": "first"}]}""")]
    [InlineData("""{"results": [3]}""")]
    [InlineData("""{"results": 3}""")]
    [InlineData("{}")]
    public async Task An_answer_that_is_no_ranking_ends_with_1(string answer)
    {
        using var server = new StubServer(HttpStatusCode.OK, answer);
        var composition = new Composition { Http = () => new HttpClient(server, disposeHandler: false) };

        var run = await CliRun.RunAsync(composition, "", Arguments("--url", "http://host", "--parallel", "1"));

        Assert.Equal(1, run.Code);
        Assert.Contains("query q1 is no ranking of 3 documents", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void However_much_of_ones_own_is_waiting_none_is_refused()
    {
        var options = Composition.OwnWork;
        var queue = new AdmissionQueue(1, options.MaxQueue, options.MaxQueueWait, options.MaxRetryAfter);

        var admissions = Enumerable.Range(0, 1_000).Select(_ => queue.Offer(new RankingTicket("", TimeSpan.FromHours(1), patience: null), TimeSpan.Zero));

        Assert.DoesNotContain(admissions, admission => admission is Admission.Refused or Admission.Waiting { Displaced: not null });
    }

    [Fact]
    public async Task Without_a_model_or_a_server_nothing_is_reranked()
    {
        var run = await CliRun.RunAsync("", Arguments());

        Assert.Equal(0, run.Code);
        Assert.Equal(3, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("run.trec", "q1 Q0 d1 1\n", "run.trec: Line 1 has 4 columns")]
    [InlineData("run.trec", "q1 Q0 d2 1 2 x\nq1 Q0 d2 2 1 x\n", "run.trec: Line 2 ranks document d2 of query q1 again.")]
    [InlineData("run.trec", "q1 Q0 d9 1 1 x\n", "document d9")]
    [InlineData("run.trec", "q9 Q0 d1 1 1 x\n", "query q9")]
    [InlineData("corpus.jsonl", "{}\n", "corpus.jsonl: Line 1 has no \"_id\"")]
    [InlineData("corpus.jsonl", "{\"_id\": \"d1\", \"text\": \"\"}\n{\"_id\": \"d1\", \"text\": \"\"}\n", "document d1 again")]
    [InlineData("queries.jsonl", "{\"_id\": \"q1\", \"text\": \"\"}\n{\"_id\": \"q1\", \"text\": \"\"}\n", "query q1 again")]
    public async Task Files_that_do_not_fit_together_end_with_1(string file, string content, string told)
    {
        Write(file, content);

        var run = await CliRun.RunAsync("", Arguments());

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains(told, run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string[] Arguments(params string[] more) =>
    [
        "eval", "--queries", Path("queries.jsonl"), "--corpus", Path("corpus.jsonl"), "--run", Path("run.trec"), "--qrels", Path("qrels.txt"), .. more,
    ];

    private string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    private void Write(string name, string content) => File.WriteAllText(Path(name), content);

    /// <summary>Ranks documents from the last to the first.</summary>
    private sealed class LastFirst : IRanker
    {
        public Task<JsonElement> RankAsync(RankJob job, CancellationToken cancellationToken)
        {
            var indices = Enumerable.Range(0, job.Documents.Count).Reverse().Take(job.TopN ?? int.MaxValue);
            return Task.FromResult(JsonSerializer.SerializeToElement(new { results = indices.Select(index => new { index }) }));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
