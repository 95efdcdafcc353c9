using System.Net;
using System.Text;
using System.Text.Json;

namespace ReasonRank.Tests.Api;

public sealed class BadInputTests(BadInputTests.StrictService service) : IClassFixture<BadInputTests.StrictService>
{
    private readonly HttpClient _client = service.Client;

    [Theory]
    [InlineData("""{"documents":["a"]}""", 422, "query")]
    [InlineData("""{"query":null,"documents":["a"]}""", 422, "query")]
    [InlineData("""{"query":" \n\t ","documents":["a"]}""", 422, "query")]
    [InlineData("""{"query":7,"documents":["a"]}""", 422, "query")]
    [InlineData("""{"query":{"text":7},"documents":["a"]}""", 422, "query.text")]
    [InlineData("""{"query":"\ud800","documents":["a"]}""", 422, "query")]
    [InlineData("""{"query":"q"}""", 422, "documents")]
    [InlineData("""{"query":"q","documents":"a"}""", 422, "documents")]
    [InlineData("""{"query":"q","documents":[]}""", 400, "documents")]
    [InlineData("""{"query":"q","documents":["a","b","c","d","e","f"]}""", 413, "documents")]
    [InlineData("""{"query":"q","documents":["a",null]}""", 422, "documents[1]")]
    [InlineData("""{"query":"q","documents":["a",7]}""", 422, "documents[1]")]
    [InlineData("""{"query":"q","documents":["a",["b"]]}""", 422, "documents[1]")]
    [InlineData("""{"query":"q","documents":["a",{}]}""", 422, "documents[1].text")]
    [InlineData("""{"query":"q","documents":["a",{"text":7}]}""", 422, "documents[1].text")]
    [InlineData("""{"query":"q","documents":["a",{"text":"b","id":[1]}]}""", 422, "documents[1].id")]
    [InlineData("""{"query":"q","documents":["a",{"text":"b","score":"high"}]}""", 422, "documents[1].score")]
    [InlineData("""{"query":"q","documents":["a",{"text":"b","score":1e999}]}""", 422, "documents[1].score")]
    [InlineData("""{"query":"q","documents":["a",{"text":"b","title":7}]}""", 422, "documents[1].title")]
    [InlineData("""{"query":"q","documents":["a","\udfff!"]}""", 422, "documents[1]")]
    [InlineData("""{"query":"q","documents":["a",{"k":"\udfff!"}]}""", 422, "documents[1].k")]
    [InlineData("""{"query":"q","documents":["a"],"stride":11,"window_size":10}""", 422, "stride")]
    [InlineData("""{"query":"q","documents":["a"],"stride":0}""", 422, "stride")]
    [InlineData("""{"query":"q","documents":["a"],"window_size":0}""", 422, "window_size")]
    [InlineData("""{"query":"q","documents":["a"],"window_size":1}""", 422, "window_size")]
    [InlineData("""{"query":"q","documents":["a"],"window_size":-20}""", 422, "window_size")]
    [InlineData("""{"query":"q","documents":["a"],"window_size":2.5}""", 422, "window_size")]
    [InlineData("""{"query":"q","documents":["a"],"passes":0}""", 422, "passes")]
    [InlineData("""{"query":"q","documents":["a"],"rank_start":2}""", 422, "rank_start")]
    [InlineData("""{"query":"q","documents":["a","b"],"rank_start":1,"rank_end":0}""", 422, "rank_end")]
    [InlineData("""{"query":"q","documents":["a","b"],"strategy":"magic"}""", 422, "strategy")]
    [InlineData("""{"query":"q","documents":["a"],"reasoning_budget":-1}""", 422, "reasoning_budget")]
    [InlineData("""{"query":"q","documents":["a"],"max_tokens_per_doc":-1}""", 422, "max_tokens_per_doc")]
    [InlineData("""{"query":"q","documents":["a"],"top_n":"999999999999999999999999"}""", 422, "top_n")]
    [InlineData("""{"query":"q","documents":["a"],"top_n":"many"}""", 422, "top_n")]
    [InlineData("""{"query":"q","documents":["a"],"top_n":[3]}""", 422, "top_n")]
    [InlineData("""{"query":"q","documents":["a"],"temperature":-0.1}""", 422, "temperature")]
    [InlineData("""{"query":"q","documents":["a"],"temperature":"1e999"}""", 422, "temperature")]
    [InlineData("""{"query":"q","documents":["a"],"temperature":"NaN"}""", 422, "temperature")]
    [InlineData("""{"query":"q","documents":["a"],"top_p":0}""", 422, "top_p")]
    [InlineData("""{"query":"q","documents":["a"],"seed":4294967296}""", 422, "seed")]
    [InlineData("""{"query":"q","documents":["a"],"timeout_ms":0}""", 422, "timeout_ms")]
    [InlineData("""{"query":"q","documents":["a"],"timeout_ms":{}}""", 422, "timeout_ms")]
    [InlineData("""{"query":"q","documents":["a"],"on_deadline":"panic"}""", 422, "on_deadline")]
    [InlineData("""{"query":"q","documents":["a"],"on_error":1}""", 422, "on_error")]
    [InlineData("""{"query":"q","documents":["a"],"return_documents":"maybe"}""", 422, "return_documents")]
    [InlineData("""{"query":"q","documents":["a"],"return_reasoning":"loud"}""", 422, "return_reasoning")]
    [InlineData("""{"query":"q","documents":["a"],"cache":3}""", 422, "cache")]
    [InlineData("""{"query":"q","documents":["a"],"model":["m"]}""", 422, "model")]
    [InlineData("""{"query":"q","query":"p","documents":["a"]}""", 422, "query")]
    [InlineData("""{"query":"q","documents":[{"text":"a","text":"b"}]}""", 422, "documents[0].text")]
    [InlineData("""{"query":"q","documents":["a"],"x":{"\ud800":1}}""", 400, "x")]
    [InlineData("""{"query":"q","documents":["a"],"temperature":NaN}""", 400, "temperature")]
    [InlineData("""{"query":"q","documents":["a","b""", 400, "documents[1]")]
    [InlineData("""{"query":"q","documents":["a"],}""", 400, "documents")]
    [InlineData("""["q"]""", 400, "body")]
    [InlineData("""nonsense""", 400, "body")]
    [InlineData("", 400, "body")]
    public async Task A_bad_body_gets_its_status_and_names_its_field(string body, int status, string field)
    {
        var response = await _client.PostJsonAsync("/rerank", body);

        var problem = await response.ReadJsonAsync();
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(field, problem.GetProperty("error").GetProperty("param").GetString());
        Assert.Contains(field, problem.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(status, problem.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("top_n", "-1")]
    [InlineData("top_n", "\"3\"")]
    [InlineData("top_n", "null")]
    [InlineData("top_n", "9007199254740993")]
    [InlineData("window_size", "20.0")]
    [InlineData("return_documents", "\"true\"")]
    [InlineData("return_reasoning", "true")]
    [InlineData("cache", "\"False\"")]
    [InlineData("unknown_key", "{\"a\":[1,2,3]}")]
    public async Task A_lenient_value_is_taken(string field, string value)
    {
        var response = await _client.PostJsonAsync("/rerank", $$"""{"query":"q","documents":["a"],"{{field}}":{{value}}}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Deep_nesting_is_refused_where_it_goes_too_deep()
    {
        var response = await _client.PostJsonAsync("/rerank", $$"""{"query":"q","documents":["a"],"extra":{{new string('[', 1_000)}}{{new string(']', 1_000)}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith("extra", (await response.ReadJsonAsync()).GetProperty("error").GetProperty("param").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        var response = await _client.PostJsonAsync("/rerank", $$"""{"query":"q","documents":["{{new string('a', 5_000)}}"]}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("4096", (await response.ReadJsonAsync()).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_though_its_length_is_not_told()
    {
        using var content = new StreamContent(new UnknownLength(Encoding.UTF8.GetBytes(new string(' ', 5_000))));
        content.Headers.ContentType = new("application/json");

        var response = await _client.PostAsync("/rerank", content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Another_content_type_is_refused(string type)
    {
        using var content = new ByteArrayContent("""{"query":"q","documents":["a"]}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        var response = await _client.PostAsync("/rerank", content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("Content-Type", (await response.ReadJsonAsync()).GetProperty("error").GetProperty("param").GetString());
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_refused()
    {
        using var content = new ByteArrayContent([.. "{\"query\":\""u8, 0xFF, 0xFE, .. "\",\"documents\":[\"a\"]}"u8]);
        content.Headers.ContentType = new("application/json");

        var response = await _client.PostAsync("/rerank", content);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("query", (await response.ReadJsonAsync()).GetProperty("error").GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("GET", "/v1/rerank", 405)]
    [InlineData("POST", "/v1/v1/rerank", 404)]
    [InlineData("GET", "/nowhere", 404)]
    public async Task A_wrong_path_or_method_is_told_the_right_ones(string method, string path, int status)
    {
        var response = await _client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains("/v1/rerank", (await response.ReadJsonAsync()).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_has_the_message_in_every_place_that_clients_look()
    {
        var response = await _client.PostJsonAsync("/rerank", """{"query":"","documents":["a"]}""", ("X-Request-Id", "abc-1"));

        var problem = await response.ReadJsonAsync();
        var message = problem.GetProperty("message").GetString();
        Assert.Equal("query must not be blank.", message);
        Assert.Equal(message, problem.GetProperty("detail").GetString());
        Assert.Equal(message, problem.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal("invalid_request", problem.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal("abc-1", problem.GetProperty("id").GetString());
        Assert.Equal("abc-1", Assert.Single(response.Headers.GetValues("X-Request-Id")));
    }

    public sealed class StrictService() : ReadyService(("Limits:MaxDocuments", "5"), ("Limits:MaxBodyBytes", "4096"));

    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
