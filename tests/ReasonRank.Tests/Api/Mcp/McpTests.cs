using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Api.Mcp;

public sealed class McpTests : IAsyncDisposable
{
    private readonly ServiceApplication _service = new();

    [Fact]
    public async Task A_client_finds_the_tool_and_gets_a_ranking()
    {
        await using var client = await ConnectAsync();

        var tool = Assert.Single(await client.ListToolsAsync());
        var result = await client.CallToolAsync("rerank", Arguments(["number 1", "number 3", new { id = "b", text = "number 2" }], ("top_n", 2), ("return_reasoning", "full")));

        Assert.Equal("rerank", tool.Name);
        Assert.Equal(["query", "documents"], tool.JsonSchema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.NotEqual(true, result.IsError);
        var answer = result.StructuredContent!.Value;
        Assert.Equal([1, 2], answer.GetProperty("results").EnumerateArray().Select(item => item.GetProperty("index").GetInt32()));
        Assert.Equal("b", answer.GetProperty("results")[1].GetProperty("id").GetString());
        Assert.Equal(_service.Engine.Thought, answer.GetProperty("reasoning")[0].GetProperty("text").GetString());
        Assert.True(JsonElement.DeepEquals(answer, JsonElement.Parse(Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text)));
    }

    [Fact]
    public async Task Every_field_of_the_tool_is_one_of_the_native_dialect()
    {
        await using var client = await ConnectAsync();
        var tool = Assert.Single(await client.ListToolsAsync());

        foreach (var field in tool.JsonSchema.GetProperty("properties").EnumerateObject().Select(field => field.Name))
        {
            var result = await client.CallToolAsync("rerank", new Dictionary<string, object?> { ["query"] = "q", ["documents"] = new[] { "1" }, [field] = new object[] { new() } });

            Assert.True(result.IsError);
            Assert.StartsWith(field, Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_client_that_wants_to_know_hears_of_every_window()
    {
        using var http = await _service.StartAsync();
        var arguments = new { query = "q", documents = Enumerable.Range(0, 40).Select(i => $"number {i}") };
        var call = new { jsonrpc = "2.0", id = 1, method = "tools/call", @params = new { name = "rerank", arguments, _meta = new { progressToken = "t" } } };

        var response = await http.PostJsonAsync("/mcp", JsonSerializer.Serialize(call));

        var messages = SseParser.Create(await response.Content.ReadAsStreamAsync()).Enumerate().Select(item => JsonElement.Parse(item.Data)).ToList();
        Assert.Equal(
            ["t 0/3 Window 1 of 3", "t 1/3 Window 2 of 3", "t 2/3 Window 3 of 3"],
            messages.SkipLast(1).Select(message => message.GetProperty("params")).Select(told =>
                $"{told.GetProperty("progressToken")} {told.GetProperty("progress")}/{told.GetProperty("total")} {told.GetProperty("message")}"));
        Assert.Equal(40, messages[^1].GetProperty("result").GetProperty("structuredContent").GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task A_model_that_is_not_there_yet_is_told_to_the_one_that_asks()
    {
        await using var service = new ServiceApplication { HoldLoading = true };
        await using var client = await ConnectAsync(service.CreateClient());

        var result = await client.CallToolAsync("rerank", Arguments(["a"]));

        Assert.True(result.IsError);
        Assert.Equal("The model is loading.", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        service.FinishLoading();
    }

    [Fact]
    public async Task Another_tool_is_an_error_of_the_protocol()
    {
        await using var client = await ConnectAsync();

        var failure = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync("drop_tables"));

        Assert.Equal(McpErrorCode.InvalidParams, failure.ErrorCode);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", 202)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", 200)]
    [InlineData("""{"hello":"world"}""", 400)]
    [InlineData("""[]""", 400)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}""", 400)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":7}""", 400)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rerank","arguments":{"query":"q","query":"p"}}}""", 422)]
    public async Task A_message_gets_its_status(string body, int status)
    {
        using var http = await _service.StartAsync();

        var response = await http.PostJsonAsync("/mcp", body, ("Accept", "application/json, text/event-stream"));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 202, response.Content.Headers.ContentType is null);
        Assert.DoesNotContain(_service.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_revision_without_a_handshake_is_refused_with_those_that_are_spoken()
    {
        using var http = await _service.StartAsync();

        var response = await http.PostJsonAsync("/mcp", """{"jsonrpc":"2.0","id":7,"method":"server/discover"}""", ("MCP-Protocol-Version", "2026-07-28"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var answer = await response.ReadJsonAsync();
        Assert.Equal(7, answer.GetProperty("id").GetInt32());
        Assert.Contains("2025-11-25", answer.GetProperty("error").GetProperty("data").GetProperty("supported").EnumerateArray().Select(version => version.GetString()));
    }

    [Fact]
    public async Task There_is_no_stream_to_listen_to()
    {
        using var http = await _service.StartAsync();

        var response = await http.GetAsync("/mcp");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task A_client_that_leaves_frees_its_place()
    {
        var gate = new FakeGate();
        await using var client = await ConnectAsync();
        _service.Engine.Gate = gate;
        using var stop = new CancellationTokenSource();

        var call = client.CallToolAsync("rerank", Arguments(["1", "2"]), cancellationToken: stop.Token).AsTask();
        await gate.ArrivalAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Eventually.Holds(() => _service.Engine.Running == 0 && _service.Log.Lines.Any(line => line.Contains("client_gone", StringComparison.Ordinal)));
        Assert.DoesNotContain(_service.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_that_outlives_the_drain_is_told_so()
    {
        var gate = new FakeGate();
        await using var client = await ConnectAsync();
        _service.Engine.Gate = gate;
        var call = client.CallToolAsync("rerank", Arguments(["1", "2"])).AsTask();
        await gate.ArrivalAsync();

        await _service.Serving.EndDrainAsync();

        var result = await call.WaitAsync(TestTimeouts.Patience);
        Assert.True(result.IsError);
        Assert.Equal("The service is stopping.", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        Assert.DoesNotContain(_service.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_ranked_is_in_the_log_and_none_of_its_text()
    {
        await using var client = await ConnectAsync();

        await client.CallToolAsync("rerank", Arguments(["a secret passage", "another"]));

        // The line is written when the response is through, which the client needn't wait for.
        await Eventually.Holds(() => _service.Log.Lines.Any(line => line.Contains("/mcp", StringComparison.Ordinal) && line.Contains("mcp: Complete", StringComparison.Ordinal)));
        Assert.DoesNotContain(_service.Log.Lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    private async Task<McpClient> ConnectAsync() => await ConnectAsync(await _service.StartAsync());

    private static Task<McpClient> ConnectAsync(HttpClient http) =>
        McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(http.BaseAddress!, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }, http));

    private static Dictionary<string, object?> Arguments(object[] documents, params (string Name, object Value)[] more)
    {
        var arguments = new Dictionary<string, object?> { ["query"] = "largest", ["documents"] = documents };
        foreach (var (name, value) in more)
            arguments[name] = value;
        return arguments;
    }
}
