using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ReasonRank.Client;
using ReasonRank.TestSupport;
using ReasonRank.Tests.Api;

namespace ReasonRank.Tests.Client;

public class ReasonRankClientTests
{
    private const string Ranking = """{"id":"rr-1","results":[{"index":1,"relevance_score":1.0},{"index":0,"relevance_score":0.5}]}""";
    private static readonly RerankRequest Request = new() { Query = "q", Documents = ["a", "b"] };

    [Fact]
    public async Task A_request_says_what_was_set_and_nothing_else()
    {
        using var service = new StubService(StubService.Answer(HttpStatusCode.OK, Ranking));
        var client = Client(service, new ReasonRankClientOptions { BaseAddress = new Uri("http://host:1/base/"), ApiKey = "key" });

        await client.RerankAsync(Request);
        await client.RerankAsync(new RerankRequest
        {
            Query = "q",
            Documents = ["a", new RerankDocument("b") { Id = "7", Title = "T", Score = 0.5 }],
            Model = "m",
            TopN = 1,
            ReturnDocuments = true,
            ReturnReasoning = ReasoningDetail.Summary,
            ReasoningBudget = 100,
            Timeout = TimeSpan.FromSeconds(1.5),
            OnDeadline = DeadlinePolicy.Error,
            OnError = FailurePolicy.Passthrough,
            Seed = uint.MaxValue,
            Cache = false,
        });

        var (message, body) = service.Requests[0];
        Assert.Equal("http://host:1/base/rerank", message.RequestUri!.AbsoluteUri);
        Assert.Equal("Bearer key", message.Headers.Authorization!.ToString());
        Assert.Equal("application/json", message.Content!.Headers.ContentType!.ToString());
        Assert.Equal("""{"query":"q","documents":[{"text":"a"},{"text":"b"}],"return_documents":false}""", body);
        Assert.Equal(
            """{"query":"q","documents":[{"text":"a"},{"text":"b","id":"7","title":"T","score":0.5}],"model":"m","top_n":1,"return_documents":true"""
            + ""","return_reasoning":"summary","reasoning_budget":100,"seed":4294967295,"timeout_ms":1500,"on_deadline":"error","on_error":"passthrough","cache":false}""",
            service.Requests[1].Body);
    }

    [Fact]
    public async Task An_answer_is_read_to_its_last_field()
    {
        var body = Golden.Read("answer.json")
            .Replace("\"id\": 42,", "\"id\": \"b\",", StringComparison.Ordinal)
            .Replace("\"queue_ms\": 0", "\"queue_ms\": 2.5", StringComparison.Ordinal)
            .Replace("\"created\": 0", "\"created\": 1763683200", StringComparison.Ordinal)
            .Replace("\"status\": \"complete\"", "\"warnings\": [\"w\"], \"status\": \"partial\"", StringComparison.Ordinal);
        using var service = new StubService(StubService.Answer(HttpStatusCode.OK, "  \n " + body));

        var response = await Client(service).RerankAsync(Request);

        Assert.Equal(["a7", "b"], response.Results.Select(result => result.Id));
        Assert.Equal([(1, 1, 1.0), (2, 2, 2.0 / 3)], response.Results.Select(result => (result.Index, result.Rank, result.RelevanceScore)));
        Assert.Equal("number 3", response.Results[0].Document!.Text);
        Assert.Equal(("rr-0", "m", RerankStatus.Partial, "rank_linear"), (response.Id, response.Model, response.Status, response.ScoreType));
        Assert.Equal(new DateTimeOffset(2025, 11, 21, 0, 0, 0, TimeSpan.Zero), response.Created);
        var window = Assert.Single(response.Reasoning);
        Assert.Equal(
            (0, "The largest number is the most relevant.", "[2] > [3]", "ok", "early_stop", 11),
            (window.Window, window.Text, window.Answer, window.Status, window.Finish, window.Tokens));
        Assert.Equal([0, 3], window.Positions);
        Assert.Equal(
            new RerankUsage { PromptTokens = 160, CompletionTokens = 11, ReasoningTokens = 8, TotalTokens = 171, DecodeSteps = 11, ReasoningBudget = 3_072 },
            response.Usage);
        Assert.Equal(TimeSpan.FromMilliseconds(2.5), response.Timings.Queue);
        Assert.Equal(new RerankMeta { ServedModel = "fake", Profile = "reasonrank", WindowsDone = 1, WindowsTotal = 1 }, response.Meta);
        Assert.Equal(["w"], response.Warnings);
    }

    [Fact]
    public async Task A_refusal_names_its_field_its_kind_and_its_request()
    {
        using var service = new StubService(StubService.Answer(
            HttpStatusCode.UnprocessableEntity,
            """{"message":"query is blank.","detail":"query is blank.","error":{"message":"query is blank.","type":"invalid_request","param":"query","code":422},"id":"rr-9"}"""));

        var failure = await Assert.ThrowsAsync<ReasonRankException>(() => Client(service).RerankAsync("", ["a"]));

        Assert.Equal(
            ("query is blank.", HttpStatusCode.UnprocessableEntity, "invalid_request", "query", "rr-9"),
            (failure.Message, failure.StatusCode, failure.Type, failure.Param, failure.RequestId));
        Assert.Single(service.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway, "<html>nginx</html>", "The service answered 502: <html>nginx</html>")]
    [InlineData(HttpStatusCode.BadGateway, "", "The service answered 502: ")]
    [InlineData(HttpStatusCode.BadGateway, "[]", "The service answered 502: []")]
    [InlineData(HttpStatusCode.BadGateway, "{}", "The service answered 502.")]
    [InlineData(HttpStatusCode.OK, "<html>", "The service answered something that is no ranking.")]
    [InlineData(HttpStatusCode.OK, "null", "The service answered something that is no ranking.")]
    [InlineData(HttpStatusCode.OK, """{"id":"x"}""", "The service answered something that is no ranking.")]
    public async Task What_no_service_of_ours_wrote_is_an_error_like_any_other(HttpStatusCode status, string body, string message)
    {
        using var service = new StubService(StubService.Answer(status, body, "text/html", ("X-Request-Id", "proxy-1")));

        var failure = await Assert.ThrowsAsync<ReasonRankException>(() => Client(service).RerankAsync(Request));

        Assert.Equal((message, status), (failure.Message, failure.StatusCode));
    }

    [Theory]
    [InlineData("Retry-After", "3", 3_000)]
    [InlineData("Retry-After", "Fri, 21 Nov 2025 00:00:07 GMT", 7_000)]
    [InlineData("retry-after-ms", "250", 250)]
    public async Task A_busy_service_is_asked_again_when_it_wants_to_be_and_not_before(string header, string value, int milliseconds)
    {
        using var service = new StubService(
            StubService.Answer(HttpStatusCode.TooManyRequests, "{}", headers: (header, value)),
            StubService.Answer(HttpStatusCode.OK, Ranking));
        var clock = new ManualTimeProvider();
        var sender = new RequestSender(new HttpClient(service), Options(), clock, () => 0);

        var sending = sender.SendAsync(Request, HttpCompletionOption.ResponseContentRead, default);
        clock.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        var early = service.Requests.Count;
        clock.Advance(TimeSpan.FromMilliseconds(1));
        using var response = await sending.WaitAsync(TestTimeouts.Patience);

        Assert.Equal((1, 2), (early, service.Requests.Count));
        Assert.Equal(service.Requests[0].Body, service.Requests[1].Body);
    }

    [Fact]
    public async Task Attempts_come_to_an_end()
    {
        using var service = new StubService(StubService.Answer(HttpStatusCode.ServiceUnavailable, """{"message":"The model is loading."}""", headers: ("Retry-After", "0")));

        var failure = await Assert.ThrowsAsync<ReasonRankException>(() => Client(service, Options(attempts: 3)).RerankAsync(Request));

        Assert.Equal(("The model is loading.", TimeSpan.Zero), (failure.Message, failure.RetryAfter));
        Assert.Equal(3, service.Requests.Count);
    }

    [Fact]
    public async Task Waiting_for_the_next_attempt_can_be_cancelled()
    {
        using var service = new StubService(StubService.Answer(HttpStatusCode.TooManyRequests, "{}", headers: ("Retry-After", "30")));
        using var stop = new CancellationTokenSource();

        var sending = Client(service, time: new ManualTimeProvider()).RerankAsync(Request, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(TestTimeouts.Patience));
    }

    [Fact]
    public async Task A_service_that_never_answers_is_given_up()
    {
        using var silent = new SilentService();
        var clock = new ManualTimeProvider();

        var sending = Client(silent, time: clock).RerankAsync(Request);
        clock.Advance(TimeSpan.FromMinutes(10));

        var failure = await Assert.ThrowsAsync<ReasonRankException>(() => sending.WaitAsync(TestTimeouts.Patience));
        Assert.IsType<TimeoutException>(failure.InnerException);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_told_with_its_cause()
    {
        using var service = new StubService(() => throw new HttpRequestException("Connection refused"));

        var failure = await Assert.ThrowsAsync<ReasonRankException>(() => Client(service).RerankAsync(Request));

        Assert.Null(failure.StatusCode);
        Assert.IsType<HttpRequestException>(failure.InnerException);
    }

    [Theory]
    [InlineData(null, 4)]
    [InlineData("ftp://host", 4)]
    [InlineData("/relative", 4)]
    [InlineData("http://host", 0)]
    public void Wrong_options_are_refused_at_once(string? address, int attempts)
    {
        var options = new ReasonRankClientOptions { BaseAddress = address is null ? null : new Uri(address, UriKind.RelativeOrAbsolute), MaxAttempts = attempts };

        Assert.Throws<ArgumentException>(() => new ReasonRankClient(new HttpClient(), options));
    }

    [Fact]
    public async Task A_container_gives_a_client_with_its_handlers_and_no_hidden_timeout()
    {
        using var service = new StubService(StubService.Answer(HttpStatusCode.OK, Ranking));
        var services = new ServiceCollection();
        var timeout = TimeSpan.Zero;
        services.AddReasonRankClient(options => options.BaseAddress = new Uri("http://host"))
            .ConfigureHttpClient(http => timeout = http.Timeout)
            .ConfigurePrimaryHttpMessageHandler(() => service);
        await using var container = services.BuildServiceProvider();

        var response = await container.GetRequiredService<ReasonRankClient>().RerankAsync("q", ["a", "b"]);

        Assert.Equal([1, 0], response.Results.Select(result => result.Index));
        Assert.Equal(Timeout.InfiniteTimeSpan, timeout);
    }

    [Fact]
    public async Task The_service_and_its_client_understand_each_other()
    {
        await using var service = new ServiceApplication();
        using var http = await service.StartAsync();
        var client = new ReasonRankClient(http, new ReasonRankClientOptions { BaseAddress = http.BaseAddress });

        var response = await client.RerankAsync(new RerankRequest
        {
            Query = "largest",
            Documents = [new RerankDocument("number 1"), new RerankDocument("number 3") { Id = "c", Title = "T", Score = 2 }, "number 2"],
            TopN = 2,
            ReturnDocuments = true,
            ReturnReasoning = ReasoningDetail.Full,
            ReasoningBudget = 64,
            WindowSize = 4,
            Stride = 2,
            Passes = 1,
            RankStart = 0,
            RankEnd = 3,
            MaxTokensPerDoc = 100,
            Temperature = 0,
            TopP = 1,
            TopK = 0,
            Seed = 1,
            Strategy = "sliding-window",
            Constrain = true,
            Timeout = TimeSpan.FromMinutes(1),
            OnDeadline = DeadlinePolicy.Partial,
            OnError = FailurePolicy.Error,
            Cache = true,
        });
        var failure = await Assert.ThrowsAsync<ReasonRankException>(() => client.RerankAsync(Request with { WindowSize = 1 }));

        Assert.Equal([("c", "number 3"), (null, "number 2")], response.Results.Select(result => (result.Id, result.Document?.Text)));
        Assert.Equal(service.Engine.Thought, Assert.Single(response.Reasoning).Text);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "window_size"), (failure.StatusCode, failure.Param));
    }

    private static ReasonRankClient Client(HttpMessageHandler service, ReasonRankClientOptions? options = null, TimeProvider? time = null) =>
        new(new HttpClient(service), options ?? Options(), time);

    private static ReasonRankClientOptions Options(int attempts = 4) => new() { BaseAddress = new Uri("http://host"), MaxAttempts = attempts };

    private sealed class SilentService : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancellationToken);
    }
}
