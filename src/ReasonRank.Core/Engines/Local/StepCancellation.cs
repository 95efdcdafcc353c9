namespace ReasonRank.Engines.Local;

/// <summary>
/// Stops a step nobody waits for any more: when the last sequence of the running step is cancelled, the runtime is asked to abort it.
/// A step that still works for somebody is never stopped. <see cref="Cancelled"/> from any thread, the rest from the loop's.
/// </summary>
internal sealed class StepCancellation(IModelRuntime runtime)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Sequence> _live = [];
    private bool _isRunning;

    /// <summary>The step that began has lost all its sequences already.</summary>
    public bool IsAbandoned { get; private set; }

    public void Begin(StepPlan plan)
    {
        lock (_lock)
        {
            foreach (var rows in plan.Rows)
            {
                if (rows.Run is Sequence { IsCancelled: false } sequence)
                    _live.Add(sequence);
            }
            _isRunning = _live.Count > 0;
            IsAbandoned = !_isRunning;
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

    public void End()
    {
        lock (_lock)
        {
            _live.Clear();
            _isRunning = false;
        }
    }
}
