namespace ReasonRank.Engines.Local;

/// <summary>Wakes the loop: raised from any thread, lowered and awaited by one. A raise before the wait isn't lost.</summary>
internal sealed class WorkSignal
{
    private readonly object _gate = new();
    private bool _isRaised;

    public void Raise()
    {
        lock (_gate)
        {
            _isRaised = true;
            Monitor.Pulse(_gate);
        }
    }

    public void Lower()
    {
        lock (_gate)
            _isRaised = false;
    }

    public void Wait()
    {
        lock (_gate)
        {
            while (!_isRaised)
                Monitor.Wait(_gate);
        }
    }
}
