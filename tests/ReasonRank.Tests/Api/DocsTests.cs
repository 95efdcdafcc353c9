using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ReasonRank.Tests.Api;

public sealed class DocsTests
{
    [Theory]
    [InlineData("/swagger/index.html")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/swagger/v1/swagger.json")]
    public async Task Docs_are_there_until_they_are_switched_off(string path)
    {
        await using var open = new ServiceApplication();
        await using var closed = new ServiceApplication(("Docs:Enabled", "false"));

        Assert.Equal(HttpStatusCode.OK, (await (await open.StartAsync()).GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await (await closed.StartAsync()).GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Every_example_runs_and_every_key_of_its_answer_is_described()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        var description = await (await client.GetAsync("/openapi/v1.json")).ReadJsonAsync();
        var body = description.GetProperty("paths").GetProperty("/v1/rerank").GetProperty("post").GetProperty("requestBody");

        foreach (var example in body.GetProperty("content").GetProperty("application/json").GetProperty("examples").EnumerateObject())
        {
            var response = await client.PostJsonAsync("/v1/rerank", example.Value.GetProperty("value").GetRawText());

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            if (example.Name == "native")
                AssertDescribed(await response.ReadJsonAsync(), Schema(description, "RerankResponse"));
        }
    }

    /// <summary>A field that isn't read would be ignored: no error.</summary>
    [Fact]
    public async Task Every_field_described_is_read()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        var fields = Schema(await (await client.GetAsync("/openapi/v1.json")).ReadJsonAsync(), "RerankRequest").GetProperty("properties");

        foreach (var field in fields.EnumerateObject().Select(field => field.Name).Except(["query", "documents"]))
        {
            var response = await client.PostJsonAsync("/rerank", $$"""{"query":"q","documents":["1"],"{{field}}":[{}]}""");

            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            Assert.Equal(field, (await response.ReadJsonAsync()).GetProperty("error").GetProperty("param").GetString());
        }
    }

    [Fact]
    public async Task Every_path_described_exists()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        var paths = (await (await client.GetAsync("/openapi/v1.json")).ReadJsonAsync()).GetProperty("paths");
        var routes = service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(route => route.RoutePattern.RawText);

        Assert.Subset(routes.ToHashSet(), paths.EnumerateObject().Select(path => (string?)path.Name).ToHashSet());
    }

    private static JsonElement Schema(JsonElement description, string name) => description.GetProperty("components").GetProperty("schemas").GetProperty(name);

    private static void AssertDescribed(JsonElement value, JsonElement schema)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
                AssertDescribed(item, schema.GetProperty("items"));
        }

        if (value.ValueKind != JsonValueKind.Object)
            return;
        foreach (var property in value.EnumerateObject())
        {
            Assert.True(schema.GetProperty("properties").TryGetProperty(property.Name, out var described), property.Name);
            AssertDescribed(property.Value, described);
        }
    }
}
