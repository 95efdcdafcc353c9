using ReasonRank.TestSupport;
using ReasonRank.Tests.Api;

namespace ReasonRank.Tests.Hosting;

public class EngineLoadingTests
{
    [Fact]
    public async Task The_warm_up_teaches_the_ranking_nothing_about_the_length_of_thoughts()
    {
        var clock = new ManualTimeProvider();
        await using var service = new ServiceApplication { Clock = clock };
        service.Engine.Clock = clock;
        service.Engine.Thought = string.Join(' ', Enumerable.Repeat("hm", 400));
        using var client = await service.StartAsync();
        var documents = string.Join(", ", Enumerable.Range(1, 40).Select(number => $"\"passage {number}\""));

        var response = await client.PostJsonAsync("/rerank", $$"""{"query": "which is largest", "documents": [{{documents}}], "timeout_ms": 12000}""");

        // Three windows that would think for four seconds each: they share the time, and none is left out.
        Assert.Equal("complete", (await response.ReadJsonAsync()).GetProperty("status").GetString());
    }
}
