using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using ReasonRank.Service.Hosting;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Api;

public sealed class HealthTests
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/livez")]
    [InlineData("/v1/health/live")]
    public async Task Live_answers_while_the_model_loads(string path)
    {
        await using var service = new ServiceApplication { HoldLoading = true };
        using var client = service.CreateClient();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path)).StatusCode);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/healthz")]
    [InlineData("/ping")]
    [InlineData("/health/ready")]
    [InlineData("/readyz")]
    [InlineData("/v1/health/ready")]
    public async Task Ready_is_503_with_the_reason_until_the_model_is_loaded_and_warm(string path)
    {
        await using var service = new ServiceApplication { HoldLoading = true };
        using var client = service.CreateClient();
        var loading = await client.GetAsync(path);

        service.FinishLoading();
        using var ready = await service.StartAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, loading.StatusCode);
        Assert.Equal("The model is loading.", (await loading.ReadJsonAsync()).GetProperty("reason").GetString());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path)).StatusCode);
        Assert.Single(service.Engine.Requests);
    }

    [Fact]
    public async Task A_request_while_the_model_loads_is_told_to_come_back()
    {
        await using var service = new ServiceApplication { HoldLoading = true };
        using var client = service.CreateClient();

        var response = await client.PostJsonAsync("/rerank", """{"query":"q","documents":["a"]}""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_shutdown_turns_ready_503_and_still_serves_until_the_delay_is_over()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        var time = new ManualTimeProvider();
        using var draining = new Draining(service.Serving, new ShutdownOptions { ReadinessDelay = TimeSpan.FromSeconds(5) }, time, NullLogger<Draining>.Instance);

        var stopping = draining.StoppingAsync(CancellationToken.None);
        var ready = await client.GetAsync("/health/ready");
        var live = await client.GetAsync("/health/live");
        var ranked = await client.PostJsonAsync("/rerank", """{"query":"q","documents":["1","2"]}""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("draining", (await ready.ReadJsonAsync()).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ranked.StatusCode);
        Assert.False(stopping.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        await stopping;
    }

    [Fact]
    public async Task A_request_that_outlives_the_drain_gets_503()
    {
        await using var service = new ServiceApplication(("Shutdown:Drain", "00:00:00"));
        using var client = await service.StartAsync();
        service.Engine.Gate = new();
        var request = client.PostJsonAsync("/rerank", """{"query":"q","documents":["1","2"]}""");
        await service.Engine.Gate.ArrivalAsync();

        await service.Services.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single().StoppingAsync(CancellationToken.None);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await request).StatusCode);
    }

    [Fact]
    public async Task An_engine_that_dies_ends_the_service()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();
        var lifetime = service.Services.GetRequiredService<IHostApplicationLifetime>();
        var exit = service.Services.GetRequiredService<ExitStatus>();
        var stopping = new TaskCompletionSource();
        lifetime.ApplicationStopping.Register(stopping.SetResult);

        service.EngineEnded.SetException(new InvalidOperationException("The loop broke."));

        await stopping.Task.WaitAsync(TestTimeouts.Patience);
        Assert.Equal(1, exit.Code);
        Assert.Contains(service.Log.Lines, line => line.StartsWith("Critical", StringComparison.Ordinal));
    }
}
