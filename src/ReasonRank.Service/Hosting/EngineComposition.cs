using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;
using ReasonRank.Prompting;

namespace ReasonRank.Service.Hosting;

/// <summary>Puts the engine together: which runtime, which model, with which settings.</summary>
internal sealed class EngineComposition(ModelOptions model, EngineSection section, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>Loads the model on a thread of its own, since that takes as long as it takes.</summary>
    public Task<LoadedEngine> LoadAsync(CancellationToken cancellationToken) => Task.Run(Load, cancellationToken);

    private LoadedEngine Load()
    {
        if (!TextNormalization.IsAvailable)
            throw new EngineUnavailableException("Unicode normalization does nothing on this machine, so prompts would be wrong: install ICU (libicu), or unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");
        var runtime = LlamaCppRuntime.Load(section.ForRuntime(ModelPath.Find(model.Path)), loggers.CreateLogger<LlamaCppRuntime>());
        try
        {
            var profile = ProfileOf(runtime.Info);
            var engine = new LocalEngine(runtime, section.ForEngine(runtime.Parallel), profile.System, time, loggers.CreateLogger<LocalEngine>());
            return new LoadedEngine(engine, profile, engine.Ended) { Snapshot = () => engine.Snapshot };
        }
        catch
        {
            runtime.Dispose();
            throw;
        }
    }

    private PromptProfile ProfileOf(RuntimeInfo info) =>
        PromptProfile.Find(model.Profile) ?? PromptProfile.For(info.Model, info.Architecture, info.Metadata);
}

/// <summary>An engine and what its model was trained with.</summary>
/// <param name="Ended">Faults when the engine died by itself.</param>
internal sealed record LoadedEngine(IGenerationEngine Engine, PromptProfile Profile, Task Ended)
{
    /// <summary>What the engine is doing; null when it can't tell.</summary>
    public Func<LoopSnapshot>? Snapshot { get; init; }
}
