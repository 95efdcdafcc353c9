namespace ReasonRank.LlamaCpp;

/// <summary>llama.cpp's shared libraries are missing, don't load, or are of a release with other data layouts.</summary>
public sealed class LlamaLibraryException(string message, Exception? inner = null) : Exception(message, inner);
