using System.Net;
using System.Text.Json;
using ReasonRank.Engines;

namespace ReasonRank.Tests.Api;

/// <summary>What each family of clients sends, and what it must find in the answer.</summary>
public sealed class DialectTests(ReadyService shared) : IClassFixture<ReadyService>
{
    public static TheoryData<string> RerankPaths =>
        ["/rerank", "/v1/rerank", "/v2/rerank", "/reranking", "/v1/reranking", "/ranking", "/v1/ranking", "/api/rerank", "/", "/invocations"];

    [Theory]
    [MemberData(nameof(RerankPaths))]
    public async Task Every_path_serves_every_dialect(string path)
    {
        var client = shared.Client;

        var native = await (await client.PostJsonAsync(path, """{"query":"q","documents":["1","2"]}""")).ReadJsonAsync();
        var tei = await (await client.PostJsonAsync(path, """{"query":"q","texts":["1","2"]}""")).ReadJsonAsync();
        var nim = await (await client.PostJsonAsync(path, """{"query":{"text":"q"},"passages":[{"text":"1"},{"text":"2"}]}""")).ReadJsonAsync();
        var mixedbread = await (await client.PostJsonAsync(path, """{"query":"q","input":["1","2"]}""")).ReadJsonAsync();
        var voyage = await (await client.PostJsonAsync(path, """{"query":"q","documents":["1","2"],"top_k":2}""")).ReadJsonAsync();

        Assert.Equal(1, native.GetProperty("results")[0].GetProperty("index").GetInt32());
        Assert.Equal(1, tei[0].GetProperty("index").GetInt32());
        Assert.Equal(1, nim.GetProperty("rankings")[0].GetProperty("index").GetInt32());
        Assert.Equal(1, mixedbread.GetProperty("data")[0].GetProperty("index").GetInt32());
        Assert.Equal(1, voyage.GetProperty("data")[0].GetProperty("index").GetInt32());
    }

    [Fact]
    public async Task Tei_answers_with_a_bare_array_and_the_times_in_headers()
    {
        var client = shared.Client;

        var response = await client.PostJsonAsync("/rerank", """{"query":"q","texts":["1","3","2"],"raw_scores":false,"return_text":true,"truncate":true,"truncation_direction":"Left"}""");

        var answer = await response.ReadJsonAsync();
        Assert.Equal("""[{"index":1,"score":1.0,"text":"3"},{"index":2,"score":0.6666666666666666,"text":"2"},{"index":0,"score":0.3333333333333333,"text":"1"}]""", answer.GetRawText());
        Assert.All(
            ["x-compute-type", "x-compute-time", "x-compute-characters", "x-compute-tokens", "x-total-time", "x-tokenization-time", "x-queue-time", "x-inference-time"],
            name => Assert.True(response.Headers.Contains(name), name));
        Assert.Equal("complete", Assert.Single(response.Headers.GetValues("x-rerank-status")));
        Assert.Contains("left", Assert.Single(response.Headers.GetValues("x-rerank-warnings")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raw_scores_are_logits_whose_sigmoid_is_the_score()
    {
        var client = shared.Client;

        var tei = await (await client.PostJsonAsync("/rerank", """{"query":"q","texts":["1","3","2"],"raw_scores":true}""")).ReadJsonAsync();
        var nim = await (await client.PostJsonAsync("/v1/ranking", """{"model":"m","query":{"text":"q"},"passages":[{"text":"1"},{"text":"3"},{"text":"2"}],"truncate":"END"}""")).ReadJsonAsync();

        double[] expected = [1 - 1e-6, 2.0 / 3, 1.0 / 3];
        Assert.Equal(expected, tei.EnumerateArray().Select(item => Sigmoid(item.GetProperty("score").GetDouble())), Near);
        Assert.Equal(expected, nim.GetProperty("rankings").EnumerateArray().Select(item => Sigmoid(item.GetProperty("logit").GetDouble())), Near);
        Assert.True(nim.GetProperty("usage").GetProperty("prompt_tokens").GetInt32() > 0);
        Assert.Equal(["index", "logit"], nim.GetProperty("rankings")[0].EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task Voyage_finds_its_data_with_documents_as_strings_and_the_native_results_beside()
    {
        var client = shared.Client;

        var answer = await (await client.PostJsonAsync("/v1/rerank", """{"query":"q","documents":["1","3","2"],"model":"rerank-2.5","top_k":2,"return_documents":true,"truncation":true}""")).ReadJsonAsync();

        Assert.Equal("list", answer.GetProperty("object").GetString());
        Assert.Equal(["3", "2"], answer.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("document").GetString()!));
        Assert.Equal(["3", "2"], answer.GetProperty("results").EnumerateArray().Select(item => item.GetProperty("document").GetProperty("text").GetString()!));
        Assert.True(answer.GetProperty("usage").GetProperty("total_tokens").GetInt32() > 0);
    }

    [Theory]
    [InlineData("voyageai/0.4.0")]
    [InlineData("Voyage/v1 PythonBindings/0.3.0")]
    [InlineData("ai-sdk/voyage/1.0.14 runtime/node.js/v22.0.0")]
    public async Task Voyage_s_own_clients_are_known_by_name_when_their_body_says_nothing(string client)
    {
        var answer = await (await shared.Client.PostJsonAsync("/v1/rerank", """{"query":"q","documents":["1","2"],"model":"rerank-2.5"}""", ("User-Agent", client))).ReadJsonAsync();

        Assert.Equal(2, answer.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Mixedbread_finds_its_data()
    {
        var client = shared.Client;

        var answer = await (await client.PostJsonAsync("/v1/reranking", """{"query":"q","input":["{\"n\":1}","{\"n\":2}"],"model":"m","top_k":1,"return_input":true,"rewrite_query":false}""")).ReadJsonAsync();

        Assert.Equal("""[{"index":1,"score":1.0,"input":"{\"n\":2}","object":"rank_result"}]""", answer.GetProperty("data").GetRawText());
        Assert.Equal(1, answer.GetProperty("top_k").GetInt32());
        Assert.True(answer.GetProperty("return_input").GetBoolean());
        Assert.Equal("m", answer.GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("""{"query":"q","texts":["1","2"],"documents":["1"]}""", 400)]
    [InlineData("""{"query":"q","passages":[{"text":"1"}],"input":["1"]}""", 400)]
    [InlineData("""{"query":"q","texts":null,"documents":["1"]}""", 200)]
    [InlineData("""{"query":"q","candidates":["1"]}""", 422)]
    [InlineData("""{"text_pairs":[["q","1"]]}""", 422)]
    [InlineData("""{}""", 422)]
    public async Task A_body_speaks_one_dialect(string body, int status)
    {
        var client = shared.Client;

        var response = await client.PostJsonAsync("/rerank", body);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("cohere", """{"query":"q","documents":["1","2"],"top_k":2}""", "results")]
    [InlineData("voyage", """{"query":"q","documents":["1","2"]}""", "data")]
    public async Task A_header_overrides_the_choice(string name, string body, string list)
    {
        var client = shared.Client;

        var answer = await (await client.PostJsonAsync("/v1/rerank", body, ("X-Rerank-Dialect", name))).ReadJsonAsync();

        Assert.Equal(list == "data", answer.TryGetProperty("data", out _));
        Assert.True(answer.TryGetProperty(list, out _));
    }

    [Fact]
    public async Task A_header_that_names_no_dialect_is_refused()
    {
        var client = shared.Client;

        var response = await client.PostJsonAsync("/rerank", """{"query":"q","documents":["1"]}""", ("X-Rerank-Dialect", "pinecone"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    [Theory]
    [InlineData("""{"query":"q","texts":[]}""", 400, "Empty", "texts")]
    [InlineData("""{"query":"","texts":["1"]}""", 422, "Validation", "query")]
    [InlineData("""{"query":"q","\ud800":1,"texts":["1"]}""", 400, "Validation", "query")]
    [InlineData("""{"query":"q","x":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],"texts":["1"]}""", 400, "Validation", "x")]
    [InlineData("""{"query":"q","texts":["1",null]}""", 422, "Validation", "texts[1]")]
    [InlineData("""{"query":"q","texts":["1"],"window_size":1}""", 422, "Validation", "window_size")]
    [InlineData("""{"query":"q","texts":["1","2"],"rank_start":7}""", 422, "Validation", "rank_start")]
    public async Task A_tei_error_is_a_string_with_a_type(string body, int status, string type, string field)
    {
        var client = shared.Client;

        var response = await client.PostJsonAsync("/rerank", body);

        var problem = await response.ReadJsonAsync();
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(field, problem.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(type, problem.GetProperty("error_type").GetString());
    }

    [Fact]
    public async Task Tei_clients_are_told_424_when_the_model_fails_and_503_while_it_loads()
    {
        await using var loading = new ServiceApplication { HoldLoading = true };
        using var early = loading.CreateClient();
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        service.Engine.FailNext(new GenerationFailedException("It broke."));

        var failed = await client.PostJsonAsync("/rerank", """{"query":"q","texts":["1","2"]}""");
        var unready = await early.PostJsonAsync("/rerank", """{"query":"q","texts":["1","2"]}""");

        Assert.Equal(HttpStatusCode.FailedDependency, failed.StatusCode);
        Assert.Equal("Backend", (await failed.ReadJsonAsync()).GetProperty("error_type").GetString());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unready.StatusCode);
        Assert.Equal("Unhealthy", (await unready.ReadJsonAsync()).GetProperty("error_type").GetString());
    }

    [Fact]
    public async Task A_partial_tei_ranking_still_has_every_text()
    {
        var client = shared.Client;
        var texts = Enumerable.Range(0, 60).Select(i => $"{i}").ToArray();

        var response = await client.PostJsonAsync("/rerank", JsonSerializer.Serialize(new { query = "q", texts, timeout_ms = 1 }));

        Assert.Equal(60, (await response.ReadJsonAsync()).GetArrayLength());
    }

    [Fact]
    public async Task Sampling_top_k_is_read_beside_top_n()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();

        await client.PostJsonAsync("/rerank", """{"query":"q","documents":["1","2"],"top_n":0,"top_k":7,"temperature":0.5}""");

        Assert.Equal(7, service.Engine.Requests[^1].Sampling.TopK);
    }

    [Fact]
    public async Task An_instruction_joins_the_query_up_to_its_limit()
    {
        await using var service = new ServiceApplication(("Limits:MaxInstructionLength", "8"));
        using var client = await service.StartAsync();

        var response = await client.PostJsonAsync("/rerank", """{"query":"frying pan","documents":["1","2"],"instruction":"by shape, not by size"}""");

        Assert.Contains("by shape", service.Engine.Requests[^1].Prompt.User, StringComparison.Ordinal);
        Assert.DoesNotContain("not by size", service.Engine.Requests[^1].Prompt.User, StringComparison.Ordinal);
        Assert.Contains("instruction", (await response.ReadJsonAsync()).GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_is_cut_to_the_tokens_asked_for()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();

        await client.PostJsonAsync("/rerank", """{"query":"one two three four","documents":["1","2"],"max_tokens_per_query":2}""");

        Assert.Contains("one two", service.Engine.Requests[^1].Prompt.User, StringComparison.Ordinal);
        Assert.DoesNotContain("three", service.Engine.Requests[^1].Prompt.User, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"query":"q","documents":["one two three","1"],"max_tokens_per_doc":2,"truncate":false}""", "documents[0]")]
    [InlineData("""{"query":"q","passages":[{"text":"1"},{"text":"one two three"}],"max_tokens_per_doc":2,"truncate":"NONE"}""", "passages[1]")]
    public async Task Forbidden_truncation_counts_only_where_that_is_strict(string body, string field)
    {
        await using var lenient = new ServiceApplication();
        await using var strict = new ServiceApplication(("Limits:StrictTruncation", "true"));

        var taken = await (await lenient.StartAsync()).PostJsonAsync("/rerank", body);
        var refused = await (await strict.StartAsync()).PostJsonAsync("/rerank", body);

        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal(field, (await refused.ReadJsonAsync()).GetProperty("error").GetProperty("param").GetString());
    }

    [Fact]
    public async Task Another_model_is_refused_only_where_that_is_strict()
    {
        await using var strict = new ServiceApplication(("Limits:StrictModel", "true"));
        using var client = await strict.StartAsync();

        var other = await client.PostJsonAsync("/rerank", """{"query":"q","documents":["1"],"model":"rerank-v4.0"}""");
        var same = await client.PostJsonAsync("/rerank", """{"query":"q","documents":["1"],"model":"fake"}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
    }

    [Fact]
    public async Task The_clients_own_words_are_given_back()
    {
        var client = shared.Client;

        var answer = await (await client.PostJsonAsync("/rerank", """{"query":{"text":"q","qid":17},"documents":["1"],"user":"u","request_id":"r"}""")).ReadJsonAsync();

        Assert.Equal("17", answer.GetProperty("qid").GetString());
        Assert.Equal("u", answer.GetProperty("user").GetString());
        Assert.Equal("r", answer.GetProperty("request_id").GetString());
    }

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));

    private static bool Near(double one, double other) => Math.Abs(one - other) < 1e-9;
}
