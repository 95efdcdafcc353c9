namespace ReasonRank.Tests.Api;

/// <summary>One service for all tests of a class that only ask it.</summary>
#pragma warning disable CA1001 // xunit calls the DisposeAsync of IAsyncLifetime.
public class ReadyService : IAsyncLifetime
{
    private readonly ServiceApplication _service;

    public ReadyService()
        : this([])
    {
    }

    protected ReadyService(params IReadOnlyList<(string Key, string Value)> settings) => _service = new ServiceApplication(settings);

    public HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync() => Client = await _service.StartAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();
}
