using System.Text.Json;

namespace ReasonRank.ClientTests.Replays;

/// <summary>Clients of Jina, vLLM, LocalAI, Xinference, infinity, GPUStack and whatever calls itself OpenAI-compatible.</summary>
[Collection(WithRunningService.Name)]
public sealed class DocumentsReplayTests(RunningService service)
{
    [Theory]
    [InlineData("LangChain and LlamaIndex JinaRerank", "/v1/rerank", """{"model":"jina-reranker-v1-base-en","top_n":3}""", 3)]
    [InlineData("Haystack JinaRanker", "/v1/rerank", """{"model":"jina-reranker-v1-base-en","top_n":null}""", 6)]
    [InlineData("Haystack VLLMRanker", "/v1/rerank", """{"model":"m","top_n":2,"truncate_prompt_tokens":-1,"use_activation":true}""", 2)]
    [InlineData("Open WebUI", "/v1/rerank", """{"model":"reranker","top_n":6}""", 6)]
    [InlineData("Dify openai_api_compatible", "/rerank", """{"model":"m","top_n":0}""", 6)]
    [InlineData("Dify localai", "/rerank", """{"model":"m","top_n":null}""", 6)]
    [InlineData("Dify gpustack", "/v1/rerank", """{"model":"m","top_n":3}""", 3)]
    [InlineData("Dify ollama", "/api/rerank", """{"model":"m","top_n":2}""", 2)]
    [InlineData("Dify jina", "/v1/rerank", """{"model":"m","top_n":6}""", 6)]
    [InlineData("RAGFlow Jina, New API", "/v1/rerank", """{"model":"m","top_n":6}""", 6)]
    [InlineData("RAGFlow LocalAI, OpenAI-API-Compatible", "/rerank", """{"model":"m","top_n":6}""", 6)]
    [InlineData("RAGFlow SILICONFLOW", "/v1/rerank", """{"model":"m","top_n":6,"return_documents":false,"max_chunks_per_doc":1024,"overlap_tokens":80}""", 6)]
    [InlineData("RAGFlow Cohere, VLLM", "/v1/rerank", """{"model":"m","top_n":6,"return_documents":false}""", 6)]
    [InlineData("infinity_client", "/rerank", """{"model":"default/not-specified","return_documents":false,"raw_scores":false,"top_n":null}""", 6)]
    [InlineData("llama-server's own test", "/reranking", """{"model":"some-model","top_n":3}""", 3)]
    public async Task Results_are_whole_and_carry_no_document_that_nobody_asked_for(string client, string path, string more, int count)
    {
        var answer = await service.AskAsync(path, Replay.Body("documents", more), ("User-Agent", client), ("Accept-Encoding", "identity"));

        Replay.Check(answer.GetProperty("results"), "relevance_score", count);
        Assert.All(answer.GetProperty("results").EnumerateArray(), result => Assert.False(result.TryGetProperty("document", out _)));
        Assert.Equal(Replay.Body("documents", more)["model"]!.GetValue<string>(), answer.GetProperty("model").GetString());
        Assert.Equal("rerank", answer.GetProperty("object").GetString());
        Replay.IsInteger(answer.GetProperty("created"));
        Replay.IsInteger(answer.GetProperty("usage").GetProperty("prompt_tokens"));
        Replay.IsInteger(answer.GetProperty("usage").GetProperty("total_tokens"));
    }

    [Theory]
    [InlineData("Dify cohere", "/v1/rerank", """{"model":"m","top_n":2,"return_documents":true}""", 2)]
    [InlineData("Dify xinference", "/v1/rerank", """{"model":"m","top_n":2,"return_documents":true,"return_len":false,"kwargs":"{}"}""", 2)]
    [InlineData("RAGFlow Xinference", "/v1/rerank", """{"model":"m","return_documents":"true","return_len":"true"}""", 6)]
    [InlineData("LiteLLM hosted_vllm", "/rerank", """
        {"model":"m","top_n":2,"return_documents":true,"instruction":"Prefer planets.","max_tokens_per_doc":512,"truncate_prompt_tokens":512,"truncation_side":"right","max_tokens_per_query":128}
        """, 2)]
    [InlineData("rerankers APIRanker", "/v1/rerank", """{"model":"m","top_n":6,"return_documents":true}""", 6)]
    public async Task Documents_come_as_objects_with_their_text(string client, string path, string more, int count)
    {
        var answer = await service.AskAsync(path, Replay.Body("documents", more), ("User-Agent", client));

        var indices = Replay.Check(answer.GetProperty("results"), "relevance_score", count);
        Assert.Equal(
            indices.Select(index => Replay.Passages[index]),
            answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("document").GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Langchain_and_llamaindex_find_what_went_wrong_under_detail()
    {
        using var response = await service.PostAsync("/v1/rerank", new { model = "m", query = " ", documents = Replay.Passages });

        var body = JsonElement.Parse(await response.Content.ReadAsByteArrayAsync());
        Assert.Contains("query", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Xinference_s_clients_find_a_reranker_and_no_login()
    {
        using var login = await service.Http.GetAsync("/v1/cluster/auth");
        var model = await service.GetAsync("/v1/models/any-uid");

        Assert.Equal(404, (int)login.StatusCode);
        Assert.Equal("rerank", model.GetProperty("model_type").GetString());
    }
}
