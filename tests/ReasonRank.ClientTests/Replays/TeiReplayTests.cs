using System.Text.Json;

namespace ReasonRank.ClientTests.Replays;

/// <summary>Clients of Hugging Face's text-embeddings-inference.</summary>
[Collection(WithRunningService.Name)]
public sealed class TeiReplayTests(RunningService service)
{
    [Theory]
    [InlineData("Haystack HuggingFaceTEIRanker", "/rerank", """{"raw_scores":false}""", 6)]
    [InlineData("Haystack HuggingFaceTEIRanker", "/rerank", """{"raw_scores":false,"truncate":true,"truncation_direction":"Left"}""", 6)]
    [InlineData("LlamaIndex TextEmbeddingInference", "/rerank", "{}", 6)]
    [InlineData("RAGFlow HuggingFace, behind a proxy that adds the key", "/rerank", """{"raw_scores":false,"truncate":true}""", 6)]
    [InlineData("a SageMaker endpoint", "/invocations", "{}", 6)]
    [InlineData("TEI's own root", "/", """{"truncate":false}""", 6)]
    [InlineData("llama-server", "/rerank", """{"top_n":2}""", 2)]
    public async Task The_answer_is_a_bare_list_of_all_texts_best_first(string client, string path, string more, int count)
    {
        var answer = await service.AskAsync(path, Replay.Body("texts", more), ("User-Agent", client));

        Replay.Check(answer, "score", count);
        Assert.All(answer.EnumerateArray(), item => Assert.False(item.TryGetProperty("text", out _)));
    }

    [Theory]
    [InlineData("Dify huggingface_tei", """{"return_text":true}""", 6)]
    [InlineData("LiteLLM huggingface", """{"raw_scores":false,"truncate":false,"truncation_direction":"Right","return_text":true,"top_n":2}""", 2)]
    public async Task Texts_come_back_when_asked_for(string client, string more, int count)
    {
        var answer = await service.AskAsync("/rerank", Replay.Body("texts", more), ("User-Agent", client));

        var indices = Replay.Check(answer, "score", count);
        Assert.Equal(indices.Select(index => Replay.Passages[index]), answer.EnumerateArray().Select(item => item.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Llamaindex_sends_its_key_bare()
    {
        var answer = await service.AskAsync("/rerank", Replay.Body("texts", "{}"), ("Authorization", RunningService.Keys[1]));

        Replay.Check(answer, "score", 6);
    }

    [Fact]
    public async Task Dify_finds_a_reranker_and_its_length_in_the_info()
    {
        var info = await service.GetAsync("/info");

        Assert.Equal("reranker", info.GetProperty("model_type").EnumerateObject().First().Name);
        Replay.IsInteger(info.GetProperty("max_input_length"));
        Replay.IsInteger(info.GetProperty("max_client_batch_size"));
    }

    [Fact]
    public async Task Haystack_prints_the_error_and_its_type()
    {
        using var response = await service.PostAsync("/rerank", new { query = RankingTask.Query, texts = new object[] { "a", 7 } });

        var body = JsonElement.Parse(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(422, (int)response.StatusCode);
        Assert.Contains("texts[1]", body.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("Validation", body.GetProperty("error_type").GetString());
    }
}
