using System.Text.Json.Nodes;

namespace ReasonRank.ClientTests.Replays;

/// <summary>Clients of NVIDIA NIM.</summary>
[Collection(WithRunningService.Name)]
public sealed class NimReplayTests(RunningService service)
{
    [Theory]
    [InlineData("Haystack NvidiaRanker", "/v1/ranking", """{"truncate":"END"}""", 6)]
    [InlineData("LangChain NVIDIARerank", "/v1/ranking", """{"truncate":"NONE"}""", 6)]
    [InlineData("LiteLLM nvidia_nim", "/v1/ranking", """{}""", 6)]
    [InlineData("RAGFlow NVIDIA", "/v1/reranking", """{"truncate":"END","top_n":6}""", 6)]
    [InlineData("Dify nvidia", "/ranking", """{"truncate":"END","top_n":3}""", 3)]
    public async Task Rankings_have_logits_whose_sigmoid_is_a_score(string client, string path, string more, int count)
    {
        var answer = await service.AskAsync(path, Body(more), ("User-Agent", client), ("Accept", "application/json"));

        Replay.Check(answer.GetProperty("rankings"), "logit", count);
        Assert.All(
            answer.GetProperty("rankings").EnumerateArray().Select(ranking => 1 / (1 + Math.Exp(-ranking.GetProperty("logit").GetDouble()))),
            score => Assert.InRange(score, 1e-7, 1));
        Replay.IsInteger(answer.GetProperty("usage").GetProperty("prompt_tokens"));
    }

    [Fact]
    public async Task Clients_without_a_model_take_the_first_of_the_list()
    {
        var models = await service.GetAsync("/v1/models");

        Assert.False(string.IsNullOrEmpty(models.GetProperty("data")[0].GetProperty("id").GetString()));
    }

    private static JsonObject Body(string more)
    {
        var body = JsonNode.Parse(more)!.AsObject();
        body["model"] = "nvidia/llama-3.2-nv-rerankqa-1b-v2";
        body["query"] = new JsonObject { ["text"] = RankingTask.Query };
        body["passages"] = new JsonArray([.. Replay.Passages.Select(passage => new JsonObject { ["text"] = passage })]);
        return body;
    }
}
