using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReasonRank.Engines;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Api.Streaming;

public sealed class StreamingTests
{
    private const string Body = """{"query":"q","documents":["1","3","2"],"stream":true}""";

    [Fact]
    public async Task Events_tell_the_ranking_as_it_goes()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        var documents = Enumerable.Range(0, 30).Select(i => $"number {i}").ToArray();

        var response = await client.PostJsonAsync("/v1/rerank", JsonSerializer.Serialize(new { query = "q", documents, stream = true }));

        var events = Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("window.start", events[0].Name);
        Assert.Equal([10, 30], events[0].Data.GetProperty("positions").EnumerateArray().Select(place => place.GetInt32()));
        Assert.Equal(2, events[0].Data.GetProperty("windows_total").GetInt32());
        var order = events.Where(one => one.Name == "window.ranking").Select(one => one.Data.GetProperty("order")).ToList();
        Assert.Equal(2, order.Count);
        Assert.Equal(29, order[1][0].GetInt32());
        var thought = string.Concat(events.Where(one => one.Name == "reasoning.delta").Select(one => one.Data.GetProperty("text").GetString()));
        Assert.Contains(service.Engine.Thought, thought, StringComparison.Ordinal);
        Assert.Equal("done", events[^1].Name);
        Assert.Equal(29, events[^1].Data.GetProperty("results")[0].GetProperty("index").GetInt32());
        Assert.False(events[^1].Data.TryGetProperty("reasoning", out _));
    }

    [Fact]
    public async Task Windows_that_run_at_once_each_stream_their_own_thought()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        string[] windows = ["head", "first", "second", "third"];
        service.Engine.Say(windows.Select(name => $"<think>\nThe {name} window is halfway through.\n</think>\n\n<answer>[1] > [2]</answer>"));
        var gate = new FakeGate();
        service.Engine.BeforeToken = (token, cancellationToken) => token == " halfway" ? gate.PassAsync(cancellationToken) : Task.CompletedTask;
        var documents = Enumerable.Range(0, 60).Select(i => $"number {i}");

        var answering = client.PostJsonAsync(
            "/v1/rerank", JsonSerializer.Serialize(new { query = "q", documents, strategy = "top-down", return_reasoning = "full", stream = true }));
        foreach (var atOnce in (int[])[1, 3])
        {
            // All of a wave have begun their thoughts before one of them goes on.
            for (var i = 0; i < atOnce; i++)
                await gate.ArrivalAsync();
            gate.Open(atOnce);
        }

        using var response = await answering;
        var events = Parse(await response.Content.ReadAsStringAsync());
        var streamed = events.Where(one => one.Name == "reasoning.delta").ToLookup(one => one.Data.GetProperty("window").GetInt32(), one => one.Data.GetProperty("text").GetString());
        Assert.Equal(
            windows.Select(name => $"The {name} window is halfway through."),
            windows.Select((_, window) => string.Concat(streamed[window])));
    }

    [Fact]
    public async Task A_client_that_accepts_events_gets_them_in_its_dialect()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();

        var response = await client.PostJsonAsync("/rerank", """{"query":"q","texts":["1","3"]}""", ("Accept", "text/event-stream"));

        var events = Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(JsonValueKind.Array, events[^1].Data.ValueKind);
    }

    [Fact]
    public async Task Reasoning_is_not_streamed_to_those_who_want_none()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();

        var response = await client.PostJsonAsync("/rerank", Body.Replace("true}", "true,\"return_reasoning\":\"none\"}", StringComparison.Ordinal));

        Assert.DoesNotContain(Parse(await response.Content.ReadAsStringAsync()), one => one.Name == "reasoning.delta");
    }

    [Fact]
    public async Task The_first_thought_arrives_before_the_window_ends()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        var thinking = new TaskCompletionSource();
        service.Engine.Rank = passages =>
        {
            // The answer isn't given until the client has read a thought.
            Assert.True(thinking.Task.Wait(TestTimeouts.Patience, CancellationToken.None));
            return FakePassages.ByNumber(passages);
        };
        using var content = new StringContent(Body, Encoding.UTF8, "application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, "/rerank") { Content = content };

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var line = "";
        while (!line.StartsWith("event: reasoning.delta", StringComparison.Ordinal))
            line = await reader.ReadLineAsync() ?? throw new InvalidOperationException("No thought came.");
        thinking.SetResult();

        Assert.Contains("event: done", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_keeps_its_status_though_events_were_asked_for()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();

        var invalid = await client.PostJsonAsync("/rerank", Body.Replace("\"q\"", "\"\"", StringComparison.Ordinal));
        var unruly = await client.PostJsonAsync("/rerank", Body.Replace("true}", "true,\"window_size\":1}", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, invalid.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unruly.StatusCode);
    }

    [Fact]
    public async Task A_failure_after_the_first_event_is_told_in_the_stream()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        service.Engine.FailNext(new GenerationFailedException("It broke."));

        var response = await client.PostJsonAsync("/rerank", Body);

        var events = Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("error", events[^1].Name);
        Assert.Equal("It broke.", events[^1].Data.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_stream_that_outlives_the_drain_ends_with_an_error()
    {
        await using var service = new ServiceApplication(("Shutdown:Drain", "00:00:00"));
        using var client = await service.StartAsync();
        service.Engine.Gate = new();
        using var content = new StringContent(Body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/rerank") { Content = content }, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("event: window.start", await reader.ReadLineAsync());
        await service.Engine.Gate.ArrivalAsync();

        await service.Services.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single().StoppingAsync(CancellationToken.None);

        var (name, data) = Parse("event: window.start\n" + await reader.ReadToEndAsync())[^1];
        Assert.Equal("error", name);
        Assert.Equal(503, data.GetProperty("error").GetProperty("code").GetInt32());
        await Eventually.Holds(() => service.Log.Lines.Any(line => line.Contains("unavailable", StringComparison.Ordinal)));
        Assert.DoesNotContain(service.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Those_who_wait_hear_how_many_are_ahead()
    {
        await using var service = new ServiceApplication(("Ranking:MaxActive", "1"));
        using var client = await service.StartAsync();
        service.Engine.Gate = new();
        var first = client.PostJsonAsync("/rerank", """{"query":"other","documents":["1","2"]}""");
        await service.Engine.Gate.ArrivalAsync();
        using var content = new StringContent(Body, Encoding.UTF8, "application/json");

        using var second = await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/rerank") { Content = content }, HttpCompletionOption.ResponseHeadersRead);
        service.Engine.Gate.Open(9);

        var events = Parse(await second.Content.ReadAsStringAsync());
        Assert.Equal("queued", events[0].Name);
        Assert.True(events[0].Data.GetProperty("ahead").GetInt32() >= 0);
        Assert.Equal("done", events[^1].Name);
        await first;
    }

    [Fact]
    public async Task Silence_is_filled_with_comments()
    {
        var clock = new ManualTimeProvider();
        await using var service = new ServiceApplication(("Streaming:Heartbeat", "00:00:10")) { Clock = clock };
        using var client = await service.StartAsync();
        service.Engine.Gate = new();
        using var content = new StringContent(Body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/rerank") { Content = content }, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await service.Engine.Gate.ArrivalAsync();

        var line = reader.ReadLineAsync();
        while (!line.IsCompleted || !(await line)!.StartsWith(':'))
        {
            if (line.IsCompleted)
                line = reader.ReadLineAsync();
            clock.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        service.Engine.Gate.Open();
        Assert.Contains("event: done", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_the_stream_frees_its_place()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        service.Engine.Gate = new();
        using var content = new StringContent(Body, Encoding.UTF8, "application/json");
        var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/rerank") { Content = content }, HttpCompletionOption.ResponseHeadersRead);
        await service.Engine.Gate.ArrivalAsync();

        response.Dispose();

        await Eventually.Holds(() => service.Engine.Running == 0 && service.Log.Lines.Any(line => line.Contains("client_gone", StringComparison.Ordinal)));
        Assert.DoesNotContain(service.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slow_plain_answer_begins_with_spaces_and_is_json_all_the_same()
    {
        var clock = new ManualTimeProvider();
        await using var service = new ServiceApplication(("Streaming:KeepAliveAfter", "00:00:02")) { Clock = clock };
        using var client = await service.StartAsync();

        var (response, text) = await AnswerSlowlyAsync(service, client, clock);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("  {", text[(text.IndexOf('{', StringComparison.Ordinal) - 2)..], StringComparison.Ordinal);
        using var json = JsonDocument.Parse(text);
        Assert.Equal("complete", json.RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_plain_answer_that_fails_after_its_first_space_is_the_input_order()
    {
        var clock = new ManualTimeProvider();
        await using var service = new ServiceApplication(("Streaming:KeepAliveAfter", "00:00:02")) { Clock = clock };
        using var client = await service.StartAsync();
        service.Engine.FailNext(new GenerationFailedException("It broke."));

        var (response, text) = await AnswerSlowlyAsync(service, client, clock);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var json = JsonDocument.Parse(text);
        Assert.Equal("fallback", json.RootElement.GetProperty("status").GetString());
        Assert.Equal([0, 1, 2], json.RootElement.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("index").GetInt32()));
        Assert.Contains("It broke.", json.RootElement.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("texts")]
    [InlineData("passages")]
    [InlineData("input")]
    public async Task A_failure_after_the_first_space_cuts_an_answer_that_could_not_tell_it(string list)
    {
        var clock = new ManualTimeProvider();
        await using var service = new ServiceApplication(("Streaming:KeepAliveAfter", "00:00:02")) { Clock = clock };
        using var client = await service.StartAsync();
        service.Engine.FailNext(new GenerationFailedException("It broke."));

        var failure = await Record.ExceptionAsync(() => AnswerSlowlyAsync(service, client, clock, $$"""{"query":"q","{{list}}":["1","3","2"]}"""));

        Assert.True(failure is IOException or OperationCanceledException, $"{failure}");
        await Eventually.Holds(() => service.Log.Lines.Any(line => line.Contains("engine_failure", StringComparison.Ordinal)));
        Assert.DoesNotContain(service.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_takes_its_own_order_gets_it_though_the_answer_cannot_tell_it()
    {
        var clock = new ManualTimeProvider();
        await using var service = new ServiceApplication(("Streaming:KeepAliveAfter", "00:00:02")) { Clock = clock };
        using var client = await service.StartAsync();
        const string asked = """{"query":"q","texts":["1","3","2"],"on_error":"passthrough"}""";

        var (_, text) = await AnswerSlowlyAsync(service, client, clock, asked, service.Serving.EndDrainAsync);

        using var json = JsonDocument.Parse(text);
        Assert.Equal([0, 1, 2], json.RootElement.EnumerateArray().Select(result => result.GetProperty("index").GetInt32()));
    }

    [Fact]
    public async Task A_plain_answer_that_outlives_the_drain_is_the_input_order()
    {
        var clock = new ManualTimeProvider();
        await using var service = new ServiceApplication(("Streaming:KeepAliveAfter", "00:00:02")) { Clock = clock };
        using var client = await service.StartAsync();

        var (_, text) = await AnswerSlowlyAsync(service, client, clock, end: service.Serving.EndDrainAsync);

        using var json = JsonDocument.Parse(text);
        Assert.Equal("fallback", json.RootElement.GetProperty("status").GetString());
        Assert.Contains("stopping", json.RootElement.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(service.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plain_answer_in_time_is_not_touched_by_keep_alive()
    {
        await using var service = new ServiceApplication(("Streaming:KeepAliveAfter", "00:05:00"));
        using var client = await service.StartAsync();
        service.Engine.FailNext(new GenerationFailedException("It broke."));

        var failed = await client.PostJsonAsync("/rerank", """{"query":"q","documents":["1","2"]}""");
        var ranked = await client.PostJsonAsync("/rerank", """{"query":"q","documents":["1","2"]}""");

        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.StartsWith("{", await ranked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <param name="end">What ends the work after two spaces; null lets the engine finish.</param>
    private static async Task<(HttpResponseMessage Response, string Text)> AnswerSlowlyAsync(
        ServiceApplication service, HttpClient client, ManualTimeProvider clock, string asked = """{"query":"q","documents":["1","3","2"]}""", Func<Task>? end = null)
    {
        service.Engine.Gate = new();
        using var content = new StringContent(asked, Encoding.UTF8, "application/json");
        var sending = client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/rerank") { Content = content }, HttpCompletionOption.ResponseHeadersRead);
        await service.Engine.Gate.ArrivalAsync();
        await Eventually.Holds(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return sending.IsCompleted;
        });
        var response = await sending;
        var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[1];
        for (var spaces = 0; spaces < 2;)
        {
            var read = stream.ReadAsync(buffer).AsTask();
            await Eventually.Holds(() =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return read.IsCompleted;
            });
            spaces += await read;
            Assert.Equal((byte)' ', buffer[0]);
        }

        if (end is not null)
            await end();
        else
            service.Engine.Gate.Open();
        return (response, "  " + await new StreamReader(stream).ReadToEndAsync());
    }

    private static List<(string Name, JsonElement Data)> Parse(string stream)
    {
        var events = new List<(string, JsonElement)>();
        foreach (var block in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n');
            if (lines[0].StartsWith(':'))
                continue;
            Assert.StartsWith("event: ", lines[0], StringComparison.Ordinal);
            Assert.StartsWith("data: ", lines[1], StringComparison.Ordinal);
            using var data = JsonDocument.Parse(lines[1]["data: ".Length..]);
            events.Add((lines[0]["event: ".Length..], data.RootElement.Clone()));
        }

        return events;
    }
}
