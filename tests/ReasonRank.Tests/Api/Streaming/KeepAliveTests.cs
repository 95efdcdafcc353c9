using System.Net;
using System.Text.Json;
using ReasonRank.Engines;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Api.Streaming;

public sealed class KeepAliveTests
{
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
        var sending = client.OpenJsonAsync("/rerank", asked);
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
}
