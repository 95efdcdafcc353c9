namespace ReasonRank.Engines.Local;

/// <summary>
/// Stops a step nobody waits for any more: when the last sequence of the running step is cancelled, the runtime is asked to abort it.
/// A step that still works for somebody is stopped only with the loop. <see cref="Cancelled"/> and <see cref="Stop"/> from any thread,
/// the rest from the loop's.
/// </summary>
internal sealed class StepCancellation(IModelRuntime runtime)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Sequence> _live = [];
    private bool _isRunning;
    private volatile bool _isStopped;

    /// <summary>No further step is wanted.</summary>
    public bool IsStopped => _isStopped;

    /// <summary>Announces a step; false when nobody waits for it any more.</summary>
    public bool Begin(StepPlan plan)
    {
        lock (_lock)
        {
            foreach (var rows in plan.Rows)
            {
                if (rows.Run is Sequence { IsCancelled: false } sequence)
                    _live.Add(sequence);
            }
            return _isRunning = _live.Count > 0 && !_isStopped;
        }
    }

    public void Cancelled(Sequence sequence)
    {
        lock (_lock)
        {
            if (_isRunning && _live.Remove(sequence) && _live.Count == 0)
                runtime.Abort();
        }
    }

    public void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            if (_isRunning)
                runtime.Abort();
        }
    }

    public void End()
    {
        lock (_lock)
        {
            _live.Clear();
            _isRunning = false;
        }
    }
}
