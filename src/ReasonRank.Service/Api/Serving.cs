using ReasonRank.Engines;
using ReasonRank.Ranking;

namespace ReasonRank.Service.Api;

/// <summary>Whether requests can be served, and by what. Hosting moves it on; the API asks. Thread-safe.</summary>
internal sealed class Serving : IDisposable
{
    private readonly CancellationTokenSource _drainEnded = new();
    private volatile Loaded? _loaded;
    private volatile string _missing = "The model is loading.";
    private volatile bool _isDraining;

    /// <summary>Why the service wants no traffic; null when it does.</summary>
    public string? NotReady => _isDraining ? "The service is draining." : _loaded is null ? _missing : null;

    /// <summary>What is served.</summary>
    /// <exception cref="EngineUnavailableException">The model isn't loaded.</exception>
    public IGenerationEngine Engine => Current.Engine;

    /// <summary>The model's name, once it's known; else empty.</summary>
    public string ServedModel => _loaded?.Engine.Info.Model ?? "";

    /// <summary>The prompt profile in use.</summary>
    /// <exception cref="EngineUnavailableException">The model isn't loaded.</exception>
    public string Profile => Current.Profile;

    /// <exception cref="EngineUnavailableException">The model isn't loaded.</exception>
    public Reranker Reranker => Current.Reranker;

    /// <summary>Cancelled when the time for requests accepted before a shutdown is up.</summary>
    public CancellationToken DrainEnded => _drainEnded.Token;

    private Loaded Current => _loaded ?? throw new EngineUnavailableException(_missing);

    public void Ready(IGenerationEngine engine, string profile, Reranker reranker) => _loaded = new Loaded(engine, profile, reranker);

    /// <summary>The model can't be loaded, or its engine died.</summary>
    /// <param name="reason">For clients.</param>
    public void Fail(string reason) => (_missing, _loaded) = (reason, null);

    /// <summary>A shutdown began: no more traffic, please. Requests that come all the same are served.</summary>
    public void Drain() => _isDraining = true;

    /// <summary>Requests that still run get an error now.</summary>
    public Task EndDrainAsync() => _drainEnded.CancelAsync();

    public void Dispose() => _drainEnded.Dispose();

    private sealed record Loaded(IGenerationEngine Engine, string Profile, Reranker Reranker);
}
