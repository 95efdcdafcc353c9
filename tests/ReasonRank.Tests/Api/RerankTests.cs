using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using ReasonRank.Engines;

namespace ReasonRank.Tests.Api;

public sealed partial class RerankTests
{
    private const string Body = """{"query":"largest","documents":["number 1",{"id":"a7","text":"number 3"},{"id":42,"title":"T","text":"number 2"}]}""";

    [Fact]
    public async Task A_ranking_has_the_body_of_the_contract()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();

        var response = await client.PostJsonAsync(
            "/v1/rerank", Body.Replace("}]}", """}],"model":"m","top_n":2,"return_documents":true,"return_reasoning":true}""", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(Golden.Read("answer.json"), Settle(await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Nothing_is_sent_that_was_not_asked_for()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();

        var answer = await (await client.PostJsonAsync("/rerank", Body)).ReadJsonAsync();

        Assert.DoesNotContain("null", answer.GetRawText(), StringComparison.Ordinal);
        Assert.False(answer.TryGetProperty("reasoning", out _));
        Assert.False(answer.TryGetProperty("warnings", out _));
        Assert.All(answer.GetProperty("results").EnumerateArray(), result => Assert.False(result.TryGetProperty("document", out _)));
        Assert.Equal("fake", answer.GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("null", 3)]
    [InlineData("0", 3)]
    [InlineData("-1", 3)]
    [InlineData("\"2\"", 2)]
    [InlineData("50", 3)]
    public async Task The_top_is_cut_as_asked(string topN, int results)
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();

        var response = await client.PostJsonAsync("/rerank", $$"""{"query":"q","documents":["1","2","3"],"top_n":{{topN}}}""");

        var answer = await response.ReadJsonAsync();
        Assert.Equal(results, answer.GetProperty("results").GetArrayLength());
        Assert.Equal(1.0, answer.GetProperty("results")[0].GetProperty("relevance_score").GetDouble());
        Assert.Equal(2.0 / 3, answer.GetProperty("results")[1].GetProperty("relevance_score").GetDouble());
    }

    [Fact]
    public async Task Twenty_documents_come_back_best_first_each_once()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        var documents = Enumerable.Range(0, 45).Select(i => $"number {i * 7 % 45}").ToArray();

        var response = await client.PostJsonAsync("/rerank", JsonSerializer.Serialize(new { query = "q", documents, top_n = 10 }));

        var results = (await response.ReadJsonAsync()).GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(35, 10).Reverse().Select(i => $"number {i}"), results.Select(result => documents[result.GetProperty("index").GetInt32()]));
    }

    [Theory]
    [InlineData("""[{"id":"x","content":"3"},{"page_content":"1"},{"passage":"2"}]""")]
    [InlineData("""[{"chunk_text":"3"},{"doc":"1"},{"body":"2"}]""")]
    [InlineData("""[{"price":3,"name":"a"},{"price":1,"name":"b"},{"price":2,"name":"c"}]""")]
    [InlineData("""["3",{"text":"1"},{"passage":"2","score":0.5}]""")]
    public async Task Documents_may_be_strings_or_objects_of_many_shapes(string documents)
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();

        var response = await client.PostJsonAsync("/rerank", $$"""{"query":{"text":"q"},"documents":{{documents}}}""");

        var results = (await response.ReadJsonAsync()).GetProperty("results").EnumerateArray();
        Assert.Equal([0, 2, 1], results.Select(result => result.GetProperty("index").GetInt32()));
    }

    [Fact]
    public async Task Rank_fields_choose_what_is_read()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();

        var response = await client.PostJsonAsync(
            "/rerank", """{"query":"q","documents":[{"a":"1","b":"9"},{"a":"2","b":"8"}],"rank_fields":["b"],"return_documents":true}""");

        var results = (await response.ReadJsonAsync()).GetProperty("results");
        Assert.Equal("9", results[0].GetProperty("document").GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_summary_is_the_end_of_the_reasoning()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        service.Engine.Thought = string.Join(' ', Enumerable.Range(0, 100).Select(i => $"Thought {i} is here.")) + " The last one wins.";

        var response = await client.PostJsonAsync("/rerank", Body.Replace("}]}", "}],\"return_reasoning\":\"summary\"}", StringComparison.Ordinal));

        var text = (await response.ReadJsonAsync()).GetProperty("reasoning")[0].GetProperty("text").GetString()!;
        Assert.StartsWith("Thought 8", text, StringComparison.Ordinal);
        Assert.EndsWith("The last one wins.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_id_is_made_when_none_is_given_and_never_taken_from_what_could_forge_a_log_line()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();

        var made = await client.PostJsonAsync("/rerank", Body);
        var forged = await client.PostJsonAsync("/rerank", Body, ("X-Request-Id", "a b{c}"));

        Assert.Equal((await made.ReadJsonAsync()).GetProperty("id").GetString(), Assert.Single(made.Headers.GetValues("X-Request-Id")));
        Assert.StartsWith("rr-", Assert.Single(forged.Headers.GetValues("X-Request-Id")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_that_nobody_expected_can_be_found_by_its_request_id()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        service.Engine.FailNext(new InvalidOperationException("A bug."));

        var response = await client.PostJsonAsync("/rerank", Body, ("X-Request-Id", "find-me"));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("internal_error", (await response.ReadJsonAsync()).GetProperty("error").GetProperty("type").GetString());
        Assert.Equal("find-me", Assert.Single(response.Headers.GetValues("X-Request-Id")));
    }

    [Fact]
    public async Task An_engine_that_fails_is_an_error_unless_the_client_takes_its_own_order()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        service.Engine.FailNext(new GenerationFailedException("It broke."));
        var failed = await client.PostJsonAsync("/rerank", Body);

        service.Engine.FailNext(new GenerationFailedException("It broke."));
        var passed = await client.PostJsonAsync("/rerank", Body.Replace("}]}", "}],\"on_error\":\"passthrough\"}", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Equal("engine_failure", (await failed.ReadJsonAsync()).GetProperty("error").GetProperty("type").GetString());
        var answer = await passed.ReadJsonAsync();
        Assert.Equal("fallback", answer.GetProperty("status").GetString());
        Assert.Equal([0, 1, 2], answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("index").GetInt32()));
    }

    [Fact]
    public async Task A_full_queue_is_429_and_says_when_to_come_back()
    {
        await using var service = new ServiceApplication(("Ranking:MaxActive", "1"), ("Ranking:MaxQueue", "0"));
        using var client = await service.StartAsync();
        service.Engine.Gate = new();
        var first = client.PostJsonAsync("/rerank", Body);
        await service.Engine.Gate.ArrivalAsync();

        var second = await client.PostJsonAsync("/rerank", Body.Replace("largest", "other", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.True(second.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.True(int.Parse(Assert.Single(second.Headers.GetValues("retry-after-ms")), null) >= 1_000);
        service.Engine.Gate.Open(5);
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
    }

    [Fact]
    public async Task A_client_that_leaves_frees_its_place()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        service.Engine.Gate = new();
        using var leaving = new CancellationTokenSource();
        using var content = new StringContent(Body, System.Text.Encoding.UTF8, "application/json");
        var request = client.PostAsync("/rerank", content, leaving.Token);
        await service.Engine.Gate.ArrivalAsync();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await Eventually.Holds(() => service.Engine.Running == 0);
    }

    [Fact]
    public async Task The_log_has_one_line_for_a_request_and_none_of_its_text()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        service.Engine.Thought = "secretthought about it";

        await client.PostJsonAsync(
            "/rerank?q=secretparameter", """{"query":"secretquery","documents":["secretpassage 1",{"id":"secretid","title":"secrettitle","text":"2"}],"model":"secretmodel"}""", ("X-Request-Id", "find-me"));
        await client.PostJsonAsync("/secretpath", """{"query":"secretquery"}""");
        await client.PostJsonAsync("/rerank", """{"query":"secretquery","documents":["secretpassage"],"seed":"secretseed","secretkey":1,"secretkey":2}""");
        await client.PostJsonAsync("/rerank", """{"query":"secretquery","documents":["secretpassage",nosecret]}""");

        var line = Assert.Single(service.Log.Lines, line => line.Contains("find-me", StringComparison.Ordinal) && line.Contains("RequestLog", StringComparison.Ordinal));
        Assert.StartsWith("Information", line, StringComparison.Ordinal);
        Assert.Contains("windows 1/1", line, StringComparison.Ordinal);
        Assert.Matches("[0-9]+ prompt [0-9]+ completion", line);
        Assert.DoesNotContain(service.Log.Lines, line => line.Contains("secret", StringComparison.OrdinalIgnoreCase) && !line.StartsWith("Trace", StringComparison.Ordinal) && !IsFrameworkDebug(line));
    }

    // ASP.NET Core's own lines name paths; the shipped configuration cuts them at Warning.
    private static bool IsFrameworkDebug(string line) =>
        (line.StartsWith("Debug", StringComparison.Ordinal) || line.StartsWith("Information", StringComparison.Ordinal)) && line.Contains(" Microsoft.AspNetCore", StringComparison.Ordinal);

    private static string Settle(string json) =>
        Indent(Times().Replace(Created().Replace(Id().Replace(json, "\"rr-0\""), "\"created\":0"), "$1:0"));

    private static string Indent(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document, Golden.Indented) + "\n";
    }

    [GeneratedRegex("\"rr-[0-9a-f]{32}\"")]
    private static partial Regex Id();

    [GeneratedRegex("\"created\":[0-9]+")]
    private static partial Regex Created();

    [GeneratedRegex("(\"[a-z]+_ms\"):[0-9.]+")]
    private static partial Regex Times();
}
