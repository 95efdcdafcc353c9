namespace ReasonRank.ClientTests.Replays;

/// <summary>Cohere's Python SDK, inside LangChain, LlamaIndex, Haystack and others; and LiteLLM, which checks its types.</summary>
[Collection(WithRunningService.Name)]
public sealed class CohereReplayTests(RunningService service)
{
    [Theory]
    [InlineData("LangChain CohereRerank", "/v2/rerank", """{"model":"rerank-v3.5","top_n":3,"max_tokens_per_doc":4096}""", 3)]
    [InlineData("LlamaIndex CohereRerank", "/v2/rerank", """{"model":"rerank-english-v3.0","top_n":2}""", 2)]
    [InlineData("Haystack CohereRanker", "/v2/rerank", """{"model":"rerank-v3.5","top_n":6}""", 6)]
    [InlineData("Spring AI", "/v1/rerank", """{"model":"rerank-v3.5","top_n":4}""", 4)]
    [InlineData("LiteLLM cohere", "/v1/rerank", """{"model":"rerank-english-v3.0","top_n":3,"return_documents":false,"rank_fields":["text"]}""", 3)]
    public async Task Answers_fit_the_types_of_the_sdk(string client, string path, string more, int count)
    {
        var answer = await service.AskAsync(path, Replay.Body("documents", more), ("User-Agent", client), ("X-Client-Name", client));

        Replay.Check(answer.GetProperty("results"), "relevance_score", count);
        Assert.StartsWith("rr-", answer.GetProperty("id").GetString(), StringComparison.Ordinal);
        var meta = answer.GetProperty("meta");
        Assert.Equal("2", meta.GetProperty("api_version").GetProperty("version").GetString());
        Replay.IsInteger(meta.GetProperty("billed_units").GetProperty("search_units"));
        Replay.IsInteger(meta.GetProperty("billed_units").GetProperty("total_tokens"));
        Replay.IsInteger(meta.GetProperty("tokens").GetProperty("input_tokens"));
        Replay.IsInteger(meta.GetProperty("tokens").GetProperty("output_tokens"));
    }

    [Fact]
    public async Task Documents_that_langchain_wrote_as_yaml_are_texts_like_any_other()
    {
        var documents = Replay.Passages.Select((passage, i) => $"title: Page {i}\nbody: {passage}\n");

        var answer = await service.AskAsync("/v2/rerank", new { model = "rerank-v3.5", query = RankingTask.Query, documents, top_n = 6 });

        Replay.Check(answer.GetProperty("results"), "relevance_score", 6);
    }

    [Fact]
    public async Task The_sdk_finds_what_went_wrong_under_message()
    {
        using var response = await service.PostAsync("/v2/rerank", new { model = "m", query = RankingTask.Query, documents = Array.Empty<string>() });

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("\"message\":\"documents", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_told_in_json()
    {
        using var response = await service.PostAsync("/v2/rerank", Replay.Body("documents", "{}"), ("Authorization", "Bearer None"));

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
    }
}
