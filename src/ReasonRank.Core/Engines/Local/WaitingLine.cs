using System.Collections.Concurrent;

namespace ReasonRank.Engines.Local;

/// <summary>
/// Sequences that haven't started, in order of arrival. One starts when all it can ever fill fits the free cells; a large one at the head waits
/// for room, and nobody passes it. <see cref="Add"/> and <see cref="RefuseArrivals"/> from any thread, the rest from the loop's.
/// </summary>
internal sealed class WaitingLine(KvLedger ledger, PrefixCache prefixes, bool sharePrefixes)
{
    private readonly ConcurrentQueue<Sequence> _arrivals = new();
    private readonly Queue<Sequence> _waiting = new();

    public int Count => _waiting.Count;

    public bool IsEmpty => _waiting.Count == 0 && _arrivals.IsEmpty;

    public void Add(Sequence sequence) => _arrivals.Enqueue(sequence);

    /// <summary>Takes arrivals in and lets those go who left.</summary>
    public void Receive()
    {
        while (_arrivals.TryDequeue(out var sequence))
            _waiting.Enqueue(sequence);
        for (var left = _waiting.Count; left > 0; left--)
        {
            var sequence = _waiting.Dequeue();
            if (sequence.IsCancelled)
                sequence.Fail(new OperationCanceledException());
            else
                _waiting.Enqueue(sequence);
        }
    }

    /// <summary>Gives the first in line its cells, shared ones where a kept head fits, if there's room; else null.</summary>
    /// <param name="alone">Nothing runs: whoever was accepted fits.</param>
    public Sequence? Admit(bool alone)
    {
        if (!_waiting.TryPeek(out var sequence))
            return null;
        var shared = 0;
        var prefix = sharePrefixes ? prefixes.Find(sequence.Tokens[..sequence.PromptTokens], out shared) : null;
        if (!ledger.Fits(sequence.Need - shared) && !prefixes.MakeRoom(sequence.Need - shared, prefix))
        {
            if (!alone)
                return null;
            prefixes.Clear(); // without kept heads it fits: larger ones were refused on arrival
            (prefix, shared) = (null, 0);
        }
        ledger.Reserve(sequence, sequence.Need - shared);
        if (prefix is not null)
            prefixes.Share(prefix, sequence, shared);
        return _waiting.Dequeue(); // last: whatever fails before, it's in line and hears of it
    }

    public void FailAll(Exception exception)
    {
        foreach (var sequence in _waiting)
            sequence.Fail(exception);
        RefuseArrivals(exception);
    }

    public void RefuseArrivals(Exception exception)
    {
        while (_arrivals.TryDequeue(out var sequence))
            sequence.Fail(exception);
    }
}
