using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ReasonRank.TestSupport;

namespace ReasonRank.ModelTests.Service;

public sealed class ServiceProcessTests
{
    private static readonly string[] Passages =
    [
        "The Great Barrier Reef lies off the coast of Queensland.", "Mount Everest is 8,849 metres high.", "K2 is 8,611 metres high.", "The Nile flows through eleven countries.",
        "Photosynthesis turns light into chemical energy.", "The stock market closed higher on Friday.", "Cacti store water in their stems.", "The Danube rises in the Black Forest.",
        "A marathon is 42.195 kilometres long.", "Honey keeps for centuries.", "The Moon has no atmosphere to speak of.", "Bees dance to tell where flowers are.",
        "The first computers filled rooms.", "Olive trees grow old.", "Venice was built on wooden piles.", "Sound travels faster in water than in air.",
        "The tallest tree is a coast redwood.", "Salt lowers the freezing point of water.", "Chess has more games than atoms.", "Mount Everest was first climbed in 1953.",
    ];

    [Fact]
    public async Task Twenty_passages_are_ranked_from_request_to_llama_cpp_and_back()
    {
        await using var service = new ServiceProcess();
        using var client = await service.ReadyAsync();

        var answer = await RankAsync(client, "How high is Mount Everest?");

        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Enumerable.Range(0, 20), json.RootElement.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("index").GetInt32()).Order());
        Assert.Equal("complete", json.RootElement.GetProperty("status").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("meta").GetProperty("windows_done").GetInt32());
        Assert.True(json.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32() > 20);
    }

    [Fact]
    public async Task Environment_urls_win_over_the_fallback_port()
    {
        await using var service = new ServiceProcess(("ReasonRank__Model__Path", "models/reasonrank-tiny.gguf"));
        using var client = await service.ListeningAsync();

        Assert.NotEqual(8080, client.BaseAddress!.Port);
        Assert.DoesNotContain(":8080", service.Output, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Requests_in_flight_at_a_termination_are_answered_and_ready_turns_503_before_the_port_closes()
    {
        await using var service = new ServiceProcess(("ReasonRank__Shutdown__ReadinessDelay", "00:00:03"));
        using var client = await service.ReadyAsync();
        // Streams: a first event means that the request was accepted.
        var accepted = new List<(HttpResponseMessage Response, StreamReader Reader)>();
        for (var i = 0; i < 6; i++)
        {
            var response = await SendAsync(client, Body($"What is number {i}?", stream: true));
            var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.NotNull(await reader.ReadLineAsync());
            accepted.Add((response, reader));
        }

        service.Terminate();
        var ready = await UntilAsync(client, "/health/ready", HttpStatusCode.ServiceUnavailable);
        var live = await client.GetAsync(new Uri("/health/live", UriKind.Relative));

        Assert.Contains("draining", ready, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        foreach (var (response, reader) in accepted)
        {
            Assert.Contains("event: done", await reader.ReadToEndAsync(), StringComparison.Ordinal);
            reader.Dispose();
            response.Dispose();
        }

        Assert.Equal(0, await service.ExitAsync());
    }

    [Fact]
    public async Task A_client_that_leaves_gives_its_cells_back()
    {
        await using var service = new ServiceProcess();
        using var client = await service.ReadyAsync();
        var response = await SendAsync(client, Body("How high is Mount Everest?", stream: true));
        using (var reader = new StreamReader(await response.Content.ReadAsStreamAsync()))
        {
            Assert.Equal("event: window.start", await reader.ReadLineAsync());
            await UntilMetricAsync(client, "reasonrank_engine_sequences_running 1");
        }

        response.Dispose();

        await UntilMetricAsync(client, "reasonrank_engine_sequences_running 0");
        Assert.Equal(HttpStatusCode.OK, (await RankAsync(client, "How long is a marathon?")).StatusCode);
    }

    [Fact]
    public async Task The_first_thought_comes_before_the_first_window_ends()
    {
        await using var service = new ServiceProcess();
        using var client = await service.ReadyAsync();

        using var response = await SendAsync(client, Body("How high is Mount Everest?", stream: true));

        var text = await response.Content.ReadAsStringAsync();
        var thought = text.IndexOf("event: reasoning.delta", StringComparison.Ordinal);
        Assert.InRange(thought, 0, text.IndexOf("event: window.ranking", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Neither_keys_nor_text_are_in_anything_it_writes()
    {
        await using var service = new ServiceProcess(("ReasonRank__Auth__Keys__0", "the-secret-key"), ("Serilog__MinimumLevel__Default", "Debug"), ("Serilog__MinimumLevel__Override__Microsoft.AspNetCore", "Information"));
        using var client = await service.ReadyAsync();
        client.DefaultRequestHeaders.Add("x-api-key", "the-secret-key");

        var ranked = await SendAsync(client, """{"query":"zebrafish secretquery","documents":["secretpassage one","secretpassage two"],"model":"secretmodel"}""");
        await ranked.Content.ReadAsStringAsync();
        await SendAsync(client, """{"query":"secretquery","documents":["secretpassage"],"top_n":"secretnumber"}""");
        client.DefaultRequestHeaders.Remove("x-api-key");
        var refused = await SendAsync(client, """{"query":"secretquery","documents":["secretpassage"]}""", "Bearer the-wrong-key");
        service.Terminate();
        await service.ExitAsync();

        Assert.Equal(HttpStatusCode.OK, ranked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("\"native\"", service.Output.Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", service.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("the-wrong-key", service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunked_body_may_be_as_large_as_the_limit_and_is_told_the_rule_when_it_is_larger()
    {
        await using var service = new ServiceProcess(("ReasonRank__Limits__MaxBodyBytes", "2048"));
        using var client = await service.ReadyAsync();

        using var within = await SendChunkedAsync(client, 2048);
        using var beyond = await SendChunkedAsync(client, 2049);
        using var far = await SendChunkedAsync(client, 1 << 20);

        Assert.Equal(HttpStatusCode.OK, within.StatusCode);
        Assert.Equal([HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.RequestEntityTooLarge], [beyond.StatusCode, far.StatusCode]);
        Assert.Contains("2048 bytes (Limits:MaxBodyBytes)", await beyond.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("2048 bytes (Limits:MaxBodyBytes)", await far.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_and_traces_go_to_the_collector_that_the_environment_names()
    {
        using var collector = new Collector();
        await using var service = new ServiceProcess(("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        using var client = await service.ReadyAsync();
        await (await SendAsync(client, """{"query":"secretquery","documents":["secret one","two"]}""")).Content.ReadAsStringAsync();

        service.Terminate();
        await service.ExitAsync();

        Assert.Contains("reasonrank.requests", collector.Received("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("POST /rerank", collector.Received("/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("window", collector.Received("/v1/traces"), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", collector.Received("/v1/traces") + collector.Received("/v1/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_unicode_data_the_service_does_not_start()
    {
        await using var service = new ServiceProcess(("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1"));

        Assert.Equal(1, await service.ExitAsync());
        Assert.Contains("install ICU", service.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ReasonRank__Limits__MaxDocuments", "0", "ReasonRank:Limits:MaxDocuments must be between 1 and 100000")]
    [InlineData("ReasonRank__Model__Path", "/nowhere/model.gguf", "/nowhere/model.gguf")]
    [InlineData("ReasonRank__Engine__CacheTypeK", "q9", "ReasonRank:Engine:CacheTypeK")]
    public async Task What_cannot_work_ends_the_process_with_a_reason_and_a_code(string name, string value, string reason)
    {
        await using var service = new ServiceProcess((name, value));

        var code = await service.ExitAsync();

        Assert.Equal(1, code);
        Assert.Contains(reason, service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_process_with_a_reason_and_a_code()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var service = new ServiceProcess(("ASPNETCORE_URLS", $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}"));

        Assert.Equal(1, await service.ExitAsync());
        Assert.Contains("address already in use", service.Output, StringComparison.Ordinal);
    }

    private static string Body(string query, bool stream = false) => JsonSerializer.Serialize(new { query, documents = Passages, stream, reasoning_budget = 200 });

    private static Task<HttpResponseMessage> RankAsync(HttpClient client, string query) => SendAsync(client, Body(query));

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string body, string? authorization = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/rerank", UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>One document fills the body up to so many bytes; a single one is ranked without the model.</summary>
    private static Task<HttpResponseMessage> SendChunkedAsync(HttpClient client, int bytes)
    {
        const string Head = """{"query":"q","documents":[" """;
        var body = Head + new string('x', bytes - Head.Length - 3) + "\"]}";
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/rerank", UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = true;
        return client.SendAsync(request);
    }

    private static async Task UntilMetricAsync(HttpClient client, string line) =>
        await UntilAsync(client, "/metrics", HttpStatusCode.OK, text => text.Contains(line + "\n", StringComparison.Ordinal));

    private static async Task<string> UntilAsync(HttpClient client, string path, HttpStatusCode status, Predicate<string>? holds = null)
    {
        using var patience = new CancellationTokenSource(TestTimeouts.Patience);
        while (true)
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), patience.Token);
            var text = await response.Content.ReadAsStringAsync(patience.Token);
            if (response.StatusCode == status && holds?.Invoke(text) != false)
                return text;
        }
    }
}
