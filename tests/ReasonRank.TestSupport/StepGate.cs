namespace ReasonRank.TestSupport;

/// <summary>Holds a runtime's steps, so that a test can look at what happens between two of them without sleeping.</summary>
internal sealed class StepGate
{
    private Hold? _next;
    private volatile Hold? _held;

    /// <summary>Holds the next step. The task completes when that has begun.</summary>
    public Task HoldNext()
    {
        var hold = new Hold();
        Volatile.Write(ref _next, hold);
        return hold.Begun.Task.WaitAsync(TestTimeouts.Patience);
    }

    /// <summary>Lets the held step go and holds the one after it. The task completes when that has begun.</summary>
    public Task HoldOneLater()
    {
        var held = _held;
        var begun = HoldNext();
        held?.Released.TrySetResult();
        return begun;
    }

    /// <summary>Lets the held step go, and holds none after it.</summary>
    public void Release()
    {
        Interlocked.Exchange(ref _next, null)?.Released.TrySetResult();
        _held?.Released.TrySetResult();
    }

    /// <summary>Where a runtime's step begins: returns at once, or when the hold is over.</summary>
    public void Pass()
    {
        if (Interlocked.Exchange(ref _next, null) is not { } hold)
            return;
        _held = hold;
        hold.Begun.SetResult();
        ((IAsyncResult)hold.Released.Task).AsyncWaitHandle.WaitOne();
    }

    private sealed class Hold
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Released { get; } = new();
    }
}
