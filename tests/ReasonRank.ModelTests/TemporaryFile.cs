namespace ReasonRank.ModelTests;

/// <summary>A file of its own that's deleted afterwards.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private TemporaryFile(Action<string> write) => write(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"reasonrank-test-{Guid.NewGuid():N}.gguf");

    public static TemporaryFile With(Action<string> write) => new(write);

    public void Dispose() => File.Delete(Path);
}
