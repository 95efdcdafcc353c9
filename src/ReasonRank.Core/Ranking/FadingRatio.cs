namespace ReasonRank.Ranking;

/// <summary>
/// A measured rate, one amount per another, that follows changes: old measurements fade, and large ones count for more than
/// small ones. Not thread-safe.
/// </summary>
internal sealed class FadingRatio
{
    private const double Kept = 0.7;
    private double _amount;
    private double _per;

    /// <summary>The rate; null until something has been measured.</summary>
    public double? Value => _per > 0 ? _amount / _per : null;

    /// <summary>Takes a measurement; one of nothing tells nothing.</summary>
    public void Add(double amount, double per)
    {
        if (per <= 0)
            return;
        _amount = (Kept * _amount) + amount;
        _per = (Kept * _per) + per;
    }
}
