namespace ReasonRank.Engines;

/// <summary>What an engine serves.</summary>
public sealed record EngineInfo
{
    /// <summary>The model's name: general.name of a GGUF, else its file name.</summary>
    public required string Model { get; init; }

    /// <summary>general.architecture: "qwen2", "qwen3", ...</summary>
    public required string Architecture { get; init; }

    /// <summary>The longest prompt with its completion, in tokens.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>Generations decoded at once.</summary>
    public required int Parallel { get; init; }

    /// <summary>KV cells shared by all generations.</summary>
    public int PoolCells { get; init; }

    public int VocabularySize { get; init; }

    /// <summary>The model's own metadata, as written in its file.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Library, release, devices, threads and cache in one line for a person.</summary>
    public string Runtime { get; init; } = "";
}
