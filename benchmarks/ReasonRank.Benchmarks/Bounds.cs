namespace ReasonRank.Benchmarks;

/// <summary>What a benchmark promises. A promise that fails is said on standard error, and makes the program end with 1.</summary>
internal sealed class Bounds
{
    private bool _isBroken;

    public int ExitCode => _isBroken ? 1 : 0;

    /// <param name="promise">What should hold, with the figures seen.</param>
    public void Require(bool holds, string promise)
    {
        if (holds)
            return;
        _isBroken = true;
        Console.Error.WriteLine($"does not hold: {promise}");
    }
}
