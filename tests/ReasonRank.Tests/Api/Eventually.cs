using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Api;

/// <summary>Waits for what other threads bring about and nobody announces.</summary>
internal static class Eventually
{
    public static async Task Holds(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TestTimeouts.Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
