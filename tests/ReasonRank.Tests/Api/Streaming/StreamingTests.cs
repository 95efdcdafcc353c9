using System.Net;
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

        using var response = await client.OpenJsonAsync("/rerank", Body);
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
        using var response = await client.OpenJsonAsync("/rerank", Body);
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

        using var second = await client.OpenJsonAsync("/rerank", Body);
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
        using var response = await client.OpenJsonAsync("/rerank", Body);
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
        var response = await client.OpenJsonAsync("/rerank", Body);
        await service.Engine.Gate.ArrivalAsync();

        response.Dispose();

        await Eventually.Holds(() => service.Engine.Running == 0 && service.Log.Lines.Any(line => line.Contains("client_gone", StringComparison.Ordinal)));
        Assert.DoesNotContain(service.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
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
