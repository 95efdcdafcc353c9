namespace ReasonRank.TestSupport;

/// <summary>How long a test waits for something that must happen before it counts as stuck.</summary>
internal static class TestTimeouts
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
}
