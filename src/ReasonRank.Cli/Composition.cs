using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ReasonRank.Diagnostics;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;
using ReasonRank.Prompting;
using ReasonRank.Ranking;

namespace ReasonRank.Cli;

/// <summary>Puts together what commands work with: the only place that names implementations.</summary>
internal sealed class Composition
{
    /// <summary>Makes the client for servers. A reranking may take minutes, so it has no time limit of its own.</summary>
    public Func<HttpClient> Http { get; init; } = () => new HttpClient { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>What waiting for a server goes by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Opens a model for ranking.</summary>
    public Func<LlamaCppOptions, ILogger, IRanker> OpenModel { get; init; } = LoadModel;

    /// <summary>The model that comes with the program.</summary>
    public static string EmbeddedModel => Path.Combine(AppContext.BaseDirectory, "models", "reasonrank-tiny.gguf");

    /// <summary>Takes on whatever is asked: all of it is one's own work, and nobody is there to come back later.</summary>
    public static RankingOptions OwnWork => new() { MaxQueue = int.MaxValue, MaxQueueWait = TimeSpan.MaxValue };

    public static ILogger Logger(Terminal terminal) => new StandardErrorLogger(terminal.Error, LogLevel.Warning);

    /// <summary>Opens a vocabulary and leaves the weights, if there are any, alone.</summary>
    public static ModelVocabulary OpenVocabulary(string path, Terminal terminal)
    {
        var vocabulary = LlamaVocabulary.Load(ExistingFile(path), logger: Logger(terminal));
        try
        {
            var name = Path.GetFileNameWithoutExtension(path);
            return new ModelVocabulary(
                vocabulary, new PromptTokenizer(vocabulary), PromptProfile.For(name, vocabulary.Architecture, vocabulary.Metadata));
        }
        catch
        {
            vocabulary.Dispose();
            throw;
        }
    }

    public static string ExistingFile(string path) =>
        File.Exists(path) ? path : throw new BadArgumentException($"There is no file '{path}'.");

    private static LocalRanker LoadModel(LlamaCppOptions options, ILogger logger)
    {
        var runtime = LlamaCppRuntime.Load(options, logger);
        try
        {
            var profile = PromptProfile.For(runtime.Info.Model, runtime.Info.Architecture, runtime.Info.Metadata);
            var engine = new LocalEngine(
                runtime, new EngineOptions { Parallel = runtime.Parallel }, profile.System, TimeProvider.System, NullLogger<LocalEngine>.Instance);
            var telemetry = new ReasonRankTelemetry();
            var reranker = new Reranker(
                engine, OwnWork, profile, telemetry, TimeProvider.System, NullLogger<Reranker>.Instance);
            return new LocalRanker(reranker, engine.DisposeAsync, telemetry);
        }
        catch
        {
            runtime.Dispose();
            throw;
        }
    }
}

/// <summary>An open vocabulary, and the profile that its model was trained with.</summary>
internal sealed record ModelVocabulary(LlamaVocabulary Vocabulary, PromptTokenizer Tokenizer, PromptProfile Profile) : IDisposable
{
    public void Dispose() => Vocabulary.Dispose();
}
