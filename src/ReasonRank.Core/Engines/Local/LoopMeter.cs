namespace ReasonRank.Engines.Local;

/// <summary>What the loop does, in numbers that any thread may read: written every turn without allocating. The loop's thread writes.</summary>
internal sealed class LoopMeter(TimeProvider time, int poolCells)
{
    private int _running;
    private int _waiting;
    private int _reservedCells;
    private int _prefixCells;
    private long _steps;
    private long _rows;
    private long _decodeTime;
    private long _stepTime;
    private long _longestGap;
    private long _began;
    private long? _lastTokens;

    public LoopSnapshot Snapshot => new(
        Volatile.Read(ref _running), Volatile.Read(ref _waiting), Volatile.Read(ref _reservedCells), poolCells, Volatile.Read(ref _prefixCells),
        Volatile.Read(ref _steps), Volatile.Read(ref _rows), time.GetElapsedTime(0, Volatile.Read(ref _stepTime)),
        time.GetElapsedTime(0, Volatile.Read(ref _decodeTime)), time.GetElapsedTime(0, Volatile.Read(ref _longestGap)));

    /// <summary>A turn begins.</summary>
    public void Turn(int running, int waiting, int reservedCells, int prefixCells)
    {
        Volatile.Write(ref _running, running);
        Volatile.Write(ref _waiting, waiting);
        Volatile.Write(ref _reservedCells, reservedCells);
        Volatile.Write(ref _prefixCells, prefixCells);
        _began = time.GetTimestamp();
    }

    /// <summary>The runtime has computed a step's rows.</summary>
    /// <param name="began">When it was asked to.</param>
    public void Decoded(int rows, long began)
    {
        Volatile.Write(ref _steps, _steps + 1);
        Volatile.Write(ref _rows, _rows + rows);
        Volatile.Write(ref _decodeTime, _decodeTime + time.GetTimestamp() - began);
    }

    /// <summary>A step is over.</summary>
    /// <param name="tokensWait">Some sequence is in the middle of its completion: it waits for its next token from now on.</param>
    public void StepEnded(bool tokensWait)
    {
        var now = AddStepTime();
        if (_lastTokens is { } last)
            Volatile.Write(ref _longestGap, Math.Max(_longestGap, now - last));
        _lastTokens = tokensWait ? now : null;
    }

    /// <summary>A step was given up: it took time, but nobody waits for its tokens any more.</summary>
    public void StepGivenUp()
    {
        AddStepTime();
        _lastTokens = null;
    }

    private long AddStepTime()
    {
        var now = time.GetTimestamp();
        Volatile.Write(ref _stepTime, _stepTime + now - _began);
        return now;
    }
}

/// <summary>What the loop was doing at its last turn, and what it has done since the start.</summary>
/// <param name="PrefixCells">Cells held by kept prompt heads, part of the reserved ones.</param>
/// <param name="StepTime">Time spent in turns that computed something.</param>
/// <param name="DecodeTime">The part of it spent in the runtime.</param>
/// <param name="LongestGap">The longest time between two tokens of a running sequence.</param>
public sealed record LoopSnapshot(
    int Running, int Waiting, int ReservedCells, int PoolCells, int PrefixCells, long Steps, long Rows,
    TimeSpan StepTime, TimeSpan DecodeTime, TimeSpan LongestGap);
