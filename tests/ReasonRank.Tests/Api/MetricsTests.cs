using System.Net;
using System.Text.RegularExpressions;

namespace ReasonRank.Tests.Api;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task Metrics_are_what_prometheus_reads()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        await client.PostJsonAsync("/rerank", """{"query":"secretquery","documents":["secret 1","2"]}""");

        var response = await client.GetAsync("/metrics");

        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(Line(), line));
        Assert.Contains("# TYPE reasonrank_requests_total counter\n", text, StringComparison.Ordinal);
        Assert.Matches("reasonrank_requests_total\\{status=\"complete\"\\} [1-9]", text);
        Assert.Matches("reasonrank_request_duration_seconds_bucket\\{status=\"complete\",le=\"\\+Inf\"\\} [1-9]", text);
        Assert.Contains("dotnet_process_memory_working_set_bytes", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clients_mistake_is_no_error_of_the_service()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();

        var refused = await client.PostJsonAsync("/rerank", """{"query":"q","documents":["1","2"],"window_size":1}""");

        var text = await client.GetStringAsync("/metrics");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("reasonrank_requests_total{status=\"invalid\"} 1\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("reasonrank_requests_total{status=\"error\"}", text, StringComparison.Ordinal);
    }

    [GeneratedRegex("""^(# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .*|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)+\})? [-+0-9.eEInfNa]+)$""")]
    private static partial Regex Line();
}
