namespace ReasonRank.Tests.Api;

public sealed class ModelEndpointTests(ReadyService service) : IClassFixture<ReadyService>
{
    [Fact]
    public async Task Info_has_what_tei_clients_read()
    {
        var info = await (await service.Client.GetAsync("/info")).ReadJsonAsync();

        Assert.Equal("reranker", info.GetProperty("model_type").EnumerateObject().First().Name);
        Assert.Equal(16_384, info.GetProperty("max_input_length").GetInt32());
        Assert.Equal(1_000, info.GetProperty("max_client_batch_size").GetInt32());
        Assert.Equal("reasonrank", info.GetProperty("profile").GetString());
    }

    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/models")]
    public async Task Models_are_listed_as_openai_does(string path)
    {
        var list = await (await service.Client.GetAsync(path)).ReadJsonAsync();

        Assert.Equal("list", list.GetProperty("object").GetString());
        Assert.Equal("fake", list.GetProperty("data")[0].GetProperty("id").GetString());
        Assert.Equal("rerank", list.GetProperty("data")[0].GetProperty("model_type").GetString());
    }

    [Fact]
    public async Task Any_model_name_is_answered_for()
    {
        var model = await (await service.Client.GetAsync("/v1/models/BAAI/bge-reranker-base")).ReadJsonAsync();

        Assert.Equal("BAAI/bge-reranker-base", model.GetProperty("id").GetString());
        Assert.Equal("rerank", model.GetProperty("model_type").GetString());
    }
}
