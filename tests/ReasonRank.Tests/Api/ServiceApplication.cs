using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReasonRank.Prompting;
using ReasonRank.Service.Api;
using ReasonRank.Service.Hosting;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Api;

/// <summary>The whole service in this process, on a fake engine. Settings are configuration keys below ReasonRank.</summary>
internal sealed class ServiceApplication(params IReadOnlyList<(string Key, string Value)> settings) : WebApplicationFactory<Program>
{
    private readonly TaskCompletionSource _mayLoad = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeEngine Engine { get; } = new();

    /// <summary>Fault it, and the engine has died.</summary>
    public TaskCompletionSource EngineEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RecordedLog Log { get; } = new();

    public Serving Serving => Services.GetRequiredService<Serving>();

    /// <summary>The model stays loading until <see cref="FinishLoading"/>.</summary>
    public bool HoldLoading { get; init; }

    /// <summary>The service's clock; null is the real one.</summary>
    public TimeProvider? Clock { get; init; }

    public void FinishLoading() => _mayLoad.TrySetResult();

    /// <summary>A client of a service that is ready.</summary>
    public async Task<HttpClient> StartAsync()
    {
        var client = CreateClient();
        using var patience = new CancellationTokenSource(TestTimeouts.Patience);
        await Services.GetRequiredService<EngineLoading>().Ready.WaitAsync(patience.Token);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        // One file watcher less for each application: there are many.
        builder.UseSetting("hostBuilder:reloadConfigOnChange", "false");
        builder.UseSetting("ReasonRank:Shutdown:ReadinessDelay", "00:00:00");
        foreach (var (key, value) in settings)
            builder.UseSetting($"ReasonRank:{key}", value);
        builder.ConfigureLogging(logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(Log));
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<EngineLoader>(_ => LoadAsync);
            if (Clock is not null)
                services.AddSingleton(Clock);
        });
    }

    private async Task<LoadedEngine> LoadAsync(CancellationToken cancellationToken)
    {
        if (HoldLoading)
            await _mayLoad.Task.WaitAsync(cancellationToken);
        return new LoadedEngine(Engine, PromptProfile.ReasonRank, EngineEnded.Task);
    }
}

internal static class HttpShortcuts
{
    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient client, string path, string body, params IReadOnlyList<(string Name, string Value)> headers) =>
        client.SendAsync(Request(path, body, headers));

    /// <summary>The answer as soon as it begins.</summary>
    public static Task<HttpResponseMessage> OpenJsonAsync(this HttpClient client, string path, string body) =>
        client.SendAsync(Request(path, body, []), HttpCompletionOption.ResponseHeadersRead);

    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }

    private static HttpRequestMessage Request(string path, string body, IReadOnlyList<(string Name, string Value)> headers)
    {
        var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
