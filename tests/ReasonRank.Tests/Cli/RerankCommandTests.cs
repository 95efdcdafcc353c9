using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ReasonRank.Cli;

namespace ReasonRank.Tests.Cli;

public class RerankCommandTests
{
    [Fact]
    public async Task A_server_gets_the_native_dialect_and_its_answer_is_printed()
    {
        using var server = new StubServer(HttpStatusCode.OK, """{"results": [{"index": 1}], "status": "complete"}""");
        const string Documents = """
            {"id": 7, "title": "T", "text": "first"}

            "second"
            {"contents": "third", "id": "c"}
            """;

        var run = await CliRun.RunAsync(
            Using(server), Documents, "rerank", "--query", "@why [1]", "--url", "http://host:1/base/", "--top-n", "1", "--reasoning");

        Assert.Equal((0, "{\"results\":[{\"index\":1}],\"status\":\"complete\"}\n"), (run.Code, run.Output));
        Assert.Equal("http://host:1/base/rerank", server.Address);
        var body = JsonElement.Parse(server.Body);
        Assert.Equal("@why [1]", body.GetProperty("query").GetString());
        Assert.Equal(
            """[{"id":7,"text":"first","title":"T"},{"text":"second"},{"id":"c","text":"third"}]""", body.GetProperty("documents").GetRawText());
        Assert.Equal(1, body.GetProperty("top_n").GetInt32());
        Assert.True(body.GetProperty("return_reasoning").GetBoolean());
    }

    [Fact]
    public async Task A_passage_a_line_needs_no_json()
    {
        using var server = new StubServer(HttpStatusCode.OK, "{}");

        await CliRun.RunAsync(Using(server), "{not json\n\n  \"quoted\" words\n", "rerank", "--query", "q", "--url", "http://host/v1/rerank");

        Assert.Equal("http://host/v1/rerank", server.Address);
        Assert.Equal(
            ["{not json", "  \"quoted\" words"],
            JsonElement.Parse(server.Body).GetProperty("documents").EnumerateArray().Select(document => document.GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, "{\"message\": \"Try later.\"}", "429: Try later.")]
    [InlineData(HttpStatusCode.BadGateway, "<html>", "502: <html>")]
    [InlineData(HttpStatusCode.OK, "<html>", "no ranking")]
    public async Task What_a_server_refuses_is_told_and_ends_with_1(HttpStatusCode status, string body, string told)
    {
        using var server = new StubServer(status, body);

        var run = await CliRun.RunAsync(Using(server), "a\nb", "rerank", "--query", "q", "--url", "http://host");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains(told, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no documents")]
    [InlineData("{\"text\": \"a\"}\nplain", "Line 2")]
    [InlineData("{\"text\": \"a\"}\n{\"title\": \"b\"}", "Line 2 has none of: text")]
    [InlineData("{\"text\": \"a\"}\n{\"text\": \"\\ud800\"}", "Line 2 escapes half")]
    public async Task Input_that_holds_no_documents_ends_with_1(string input, string told)
    {
        var run = await CliRun.RunAsync(input, "rerank", "--query", "q", "--url", "http://host");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains(told, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task A_server_that_stays_busy_is_asked_a_bounded_number_of_times(HttpStatusCode status)
    {
        using var server = new StubServer(status, "{\"message\": \"Try later.\"}") { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(7)) };
        var clock = new SkippingClock();

        var run = await CliRun.RunAsync(Using(server, clock), "a\nb", "rerank", "--query", "q", "--url", "http://host");

        Assert.Equal((1, HttpRanker.MostAttempts), (run.Code, server.Requests));
        Assert.Contains("Try later.", run.Errors, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Repeat(TimeSpan.FromSeconds(7), HttpRanker.MostAttempts - 1), clock.Waits);
    }

    [Fact]
    public async Task A_server_may_name_a_date_to_come_back_at()
    {
        var clock = new SkippingClock();
        using var server = new StubServer(HttpStatusCode.OK, "{}")
        {
            Refusals = 2,
            RetryAfter = new RetryConditionHeaderValue(clock.GetUtcNow() + TimeSpan.FromMinutes(2)),
        };

        var run = await CliRun.RunAsync(Using(server, clock), "a\nb", "rerank", "--query", "q", "--url", "http://host");

        Assert.Equal(0, run.Code);
        Assert.Equal([TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1)], clock.Waits);
    }

    [Fact]
    public async Task A_server_that_is_busy_for_hours_is_not_waited_for()
    {
        using var server = new StubServer(HttpStatusCode.TooManyRequests, "{}") { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromDays(100)) };

        var run = await CliRun.RunAsync(Using(server), "a\nb", "rerank", "--query", "q", "--url", "http://host");

        Assert.Equal((1, 1), (run.Code, server.Requests));
    }

    private static Composition Using(StubServer server, TimeProvider? clock = null) =>
        new() { Http = () => new HttpClient(server, disposeHandler: false), Time = clock ?? TimeProvider.System };
}
