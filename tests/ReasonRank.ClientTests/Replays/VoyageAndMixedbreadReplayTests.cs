namespace ReasonRank.ClientTests.Replays;

/// <summary>Python clients of Voyage and Mixedbread, whose results stand under "data".</summary>
[Collection(WithRunningService.Name)]
public sealed class VoyageAndMixedbreadReplayTests(RunningService service)
{
    [Theory]
    [InlineData("python-httpx/0.28.1", """{"model":"rerank-2","top_k":2,"return_documents":true}""", 2)] // Dify
    [InlineData("Voyage/v1 PythonBindings/0.3.5", """{"model":"rerank-2","top_k":null,"truncation":true}""", 6)] // LangChain VoyageAIRerank
    [InlineData("Voyage/v1 PythonBindings/0.3.5", """{"model":"rerank-2"}""", 6)]
    public async Task Voyage_s_clients_find_data_with_plain_documents(string client, string more, int count)
    {
        var answer = await service.AskAsync("/v1/rerank", Replay.Body("documents", more), ("User-Agent", client));

        var indices = Replay.Check(answer.GetProperty("data"), "relevance_score", count);
        Assert.Equal("list", answer.GetProperty("object").GetString());
        Replay.IsInteger(answer.GetProperty("usage").GetProperty("total_tokens"));
        if (more.Contains("return_documents", StringComparison.Ordinal))
            Assert.Equal(indices.Select(index => Replay.Passages[index]), answer.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("document").GetString()));
    }

    [Theory]
    [InlineData("Dify mixedbread", """{"model":"m","top_k":2,"return_input":true}""", 2)]
    [InlineData("rerankers APIRanker", """{"model":"m","top_k":6,"return_input":true,"rank_fields":["text"]}""", 6)]
    public async Task Mixedbread_s_clients_find_data_with_the_input(string client, string more, int count)
    {
        var answer = await service.AskAsync("/v1/reranking", Replay.Body("input", more), ("User-Agent", client));

        var indices = Replay.Check(answer.GetProperty("data"), "score", count);
        Assert.Equal(indices.Select(index => Replay.Passages[index]), answer.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("input").GetString()));
    }
}
