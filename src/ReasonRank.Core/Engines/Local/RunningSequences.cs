namespace ReasonRank.Engines.Local;

/// <summary>
/// Sequences that hold cells, in order of admission. One that ends gives back what it holds before anybody is told of its end. The loop's
/// thread only.
/// </summary>
internal sealed class RunningSequences(IModelRuntime runtime, KvLedger ledger, PrefixCache prefixes, TimeProvider time)
{
    public List<Sequence> All { get; } = [];

    public int Count => All.Count;

    public void Add(Sequence sequence) => All.Add(sequence);

    /// <summary>Lets go who left.</summary>
    public void DropCancelled()
    {
        for (var i = All.Count - 1; i >= 0; i--)
        {
            if (All[i].IsCancelled)
                Release(i).Fail(new OperationCanceledException());
        }
    }

    /// <summary>Hands out what is finished. True when a sequence is in the middle of its completion and waits for its next token.</summary>
    public bool CompleteFinished()
    {
        var tokensWait = false;
        for (var i = All.Count - 1; i >= 0; i--)
        {
            if (All[i].Completion!.Finish is null)
            {
                tokensWait |= All[i].IsDecoding;
                continue;
            }
            var finished = Release(i);
            finished.Complete(Generated.From(finished, time));
        }
        return tokensWait;
    }

    public void FailAll(Exception exception)
    {
        foreach (var sequence in All)
            sequence.Fail(exception);
    }

    private Sequence Release(int place)
    {
        var sequence = All[place];
        runtime.SeqRemove(sequence.Id, 0, -1);
        ledger.Release(sequence);
        prefixes.Leave(sequence);
        All.RemoveAt(place); // last: whatever fails before, it's among those who hear of it
        return sequence;
    }
}
