using System.Net;
using ReasonRank.Client;
using ReasonRank.TestSupport;
using ReasonRank.Tests.Api;

namespace ReasonRank.Tests.Client;

public class EventStreamTests
{
    private static readonly RerankRequest Request = new() { Query = "q", Documents = ["a", "b"] };

    [Fact]
    public async Task Events_come_in_order_and_end_with_the_answer()
    {
        using var service = new StubService(Stream(
            """
            : heartbeat

            event: queued
            data: {"ahead":2}

            event: window.start
            data: {"window":0,"windows_total":1,"positions":[0,2]}

            event: something.new
            data: [1,2,3]

            event: reasoning.delta
            data: {"window":0,"text":"The "}

            event: window.ranking
            data: {"window":0,"positions":[0,2],"text":"The","answer":"[2] > [1]","status":"ok","finish":"stop","tokens":7,"order":[1,0]}

            event: done
            data: {"id":"rr-1","results":[{"index":1,"relevance_score":1.0}]}

            event: queued
            data: {"ahead":9}


            """));

        var events = await ReadAsync(service);

        Assert.Equal(new RerankEvent.Queued(2), events[0]);
        var started = Assert.IsType<RerankEvent.WindowStarted>(events[1]);
        Assert.Equal((0, 1), (started.Window, started.WindowsTotal));
        Assert.Equal([0, 2], started.Positions);
        Assert.Equal(new RerankEvent.ReasoningDelta(0, "The "), events[2]);
        var ranked = Assert.IsType<RerankEvent.WindowRanked>(events[3]);
        Assert.Equal([1, 0], ranked.Order);
        Assert.Equal(("[2] > [1]", "ok", 7), (ranked.Window.Answer, ranked.Window.Status, ranked.Window.Tokens));
        Assert.Equal("rr-1", Assert.IsType<RerankEvent.Done>(events[4]).Response.Id);
        Assert.Equal(5, events.Count);
        Assert.EndsWith("\"stream\":true}", service.Requests[0].Body, StringComparison.Ordinal);
        Assert.Equal("text/event-stream", service.Requests[0].Message.Headers.Accept.ToString());
    }

    [Fact]
    public async Task An_error_in_the_middle_is_thrown_with_the_status_that_it_would_have_had()
    {
        using var service = new StubService(Stream(
            """
            event: error
            data: {"message":"Too late.","error":{"type":"deadline_exceeded","param":"timeout_ms","code":504},"id":"rr-5"}


            """));

        var failure = await Assert.ThrowsAsync<ReasonRankException>(() => ReadAsync(service));

        Assert.Equal(
            ("Too late.", HttpStatusCode.GatewayTimeout, "deadline_exceeded", "timeout_ms", "rr-5"),
            (failure.Message, failure.StatusCode, failure.Type, failure.Param, failure.RequestId));
    }

    [Theory]
    [InlineData("event: queued\ndata: {\"ahead\":1}\n\n", "The service's stream ended before its answer.")]
    [InlineData("event: window.ranking\ndata: {}\n\n", "The service sent a window.ranking event that makes no sense.")]
    [InlineData("event: done\ndata: nonsense\n\n", "The service sent a done event that makes no sense.")]
    [InlineData("event: error\ndata: nonsense\n\n", "The service failed: nonsense")]
    public async Task A_stream_that_makes_no_sense_is_an_error(string stream, string message)
    {
        using var service = new StubService(Stream(stream));

        var failure = await Assert.ThrowsAsync<ReasonRankException>(() => ReadAsync(service));

        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_told_with_its_cause()
    {
        using var service = new StubService(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new BrokenStream()) });

        var failure = await Assert.ThrowsAsync<ReasonRankException>(() => ReadAsync(service));

        Assert.IsType<IOException>(failure.InnerException);
    }

    [Fact]
    public async Task A_stream_that_is_refused_is_asked_for_again()
    {
        using var service = new StubService(
            StubService.Answer(HttpStatusCode.ServiceUnavailable, "{}", headers: ("Retry-After", "0")),
            Stream("event: done\ndata: {\"id\":\"rr-1\",\"results\":[]}\n\n"));

        Assert.IsType<RerankEvent.Done>(Assert.Single(await ReadAsync(service)));
    }

    [Fact]
    public async Task The_service_and_its_client_understand_each_other_s_events()
    {
        await using var service = new ServiceApplication();
        using var http = await service.StartAsync();
        var client = new ReasonRankClient(http, new ReasonRankClientOptions { BaseAddress = http.BaseAddress });
        var events = new List<RerankEvent>();

        await foreach (var happened in client.RerankStreamAsync(new RerankRequest { Query = "largest", Documents = ["number 1", "number 2"], TopK = 5 }))
            events.Add(happened);

        Assert.IsType<RerankEvent.WindowStarted>(events[0]);
        Assert.Contains(service.Engine.Thought, string.Concat(events.OfType<RerankEvent.ReasoningDelta>().Select(delta => delta.Text)), StringComparison.Ordinal);
        Assert.Equal([1, 0], Assert.Single(events.OfType<RerankEvent.WindowRanked>()).Order);
        Assert.Equal([1, 0], Assert.IsType<RerankEvent.Done>(events[^1]).Response.Results.Select(result => result.Index));
        Assert.Equal(5, service.Engine.Requests[^1].Sampling.TopK);
    }

    [Fact]
    public async Task Leaving_the_loop_frees_the_service_s_place()
    {
        await using var service = new ServiceApplication();
        using var http = await service.StartAsync();
        var gate = new FakeGate();
        service.Engine.Gate = gate;
        var client = new ReasonRankClient(http, new ReasonRankClientOptions { BaseAddress = http.BaseAddress });

        await foreach (var happened in client.RerankStreamAsync(Request))
        {
            await gate.ArrivalAsync();
            break;
        }

        await Eventually.Holds(() => service.Engine.Running == 0);
    }

    private static Func<HttpResponseMessage> Stream(string events) => StubService.Answer(HttpStatusCode.OK, events, "text/event-stream");

    private static async Task<List<RerankEvent>> ReadAsync(StubService service)
    {
        var client = new ReasonRankClient(new HttpClient(service), new ReasonRankClientOptions { BaseAddress = new Uri("http://host") });
        var events = new List<RerankEvent>();
        await foreach (var happened in client.RerankStreamAsync(Request))
            events.Add(happened);
        return events;
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException<int>(new IOException("Reset by peer."));
    }
}
