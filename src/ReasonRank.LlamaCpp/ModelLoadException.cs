namespace ReasonRank.LlamaCpp;

/// <summary>A model file can't be served.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">Why, as a sentence that may follow the file's name.</param>
public sealed class ModelLoadException(string path, string reason, Exception? inner = null)
    : Exception($"Model file '{path}' {reason}", inner)
{
    public string Path { get; } = path;
}
