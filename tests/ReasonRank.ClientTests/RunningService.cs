using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReasonRank.Service.Hosting;
using ReasonRank.TestSupport;

namespace ReasonRank.ClientTests;

/// <summary>The real service with the embedded model, listening on a port of its own.</summary>
public class RunningService : WebApplicationFactory<Program>, IAsyncLifetime
{
    /// <summary>Any of these opens the service; each has its own share of the cache of results.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. Enumerable.Range(0, 50).Select(i => $"key-of-client-{i}")];

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Sends no key by itself.</summary>
    public HttpClient Http { get; private set; } = new();

    public async Task InitializeAsync()
    {
        UseKestrel(0);
        StartServer();
        Address = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single().TrimEnd('/');
        Http.BaseAddress = new Uri(Address);
        await Services.GetRequiredService<EngineLoading>().Ready.WaitAsync(TestTimeouts.Patience);
    }

    /// <summary>Posts a body as it is, with a key unless the headers bring their own.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, object body, params IReadOnlyList<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (!headers.Any(header => header.Name == "Authorization"))
            request.Headers.Add("Authorization", $"Bearer {Keys[0]}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request);
    }

    /// <summary>Posts a body and reads the answer, whatever its status.</summary>
    public async Task<JsonElement> AskAsync(string path, object body, params IReadOnlyList<(string Name, string Value)> headers)
    {
        using var response = await PostAsync(path, body, headers);
        return JsonElement.Parse(await response.Content.ReadAsByteArrayAsync());
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Authorization", $"Bearer {Keys[0]}" } } };
        using var response = await Http.SendAsync(request);
        return JsonElement.Parse(await response.Content.ReadAsByteArrayAsync());
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        Http.Dispose();
        await DisposeAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("hostBuilder:reloadConfigOnChange", "false");
        builder.UseSetting("ReasonRank:Shutdown:ReadinessDelay", "00:00:00");
        builder.UseSetting("ReasonRank:Engine:Threads", "1");
        builder.UseSetting("ReasonRank:Engine:ThreadsBatch", "1");
        for (var i = 0; i < Keys.Count; i++)
            builder.UseSetting($"ReasonRank:Auth:Keys:{i}", Keys[i]);
        builder.ConfigureLogging(logging => logging.ClearProviders());
    }
}

/// <summary>One service for all tests: they ask it one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class WithRunningService : ICollectionFixture<RunningService>
{
    public const string Name = "with a running service";
}
