using ReasonRank.Engines;

namespace ReasonRank.Service.Hosting;

/// <summary>Puts the engine together: which runtime, which model, with which settings.</summary>
internal static class EngineComposition
{
    public static Task<IGenerationEngine> LoadAsync(CancellationToken cancellationToken) =>
        throw new EngineUnavailableException("This build has no runtime for models.");
}
