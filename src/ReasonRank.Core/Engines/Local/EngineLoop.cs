using Microsoft.Extensions.Logging;
using ReasonRank.Engines.Local.Answers;

namespace ReasonRank.Engines.Local;

/// <summary>
/// The one thread that owns the runtime. Every turn:
/// <list type="number">
/// <item>take arrivals and drop what was cancelled;</item>
/// <item>admit, first come first served, what fits the free cells;</item>
/// <item>plan the step (<see cref="Scheduler"/>, pure) and fill the batch;</item>
/// <item>decode;</item>
/// <item>advance each sequence that got logits, complete the finished.</item>
/// </list>
/// With nothing to do it compares the ledger with what the runtime really holds, then sleeps until something arrives.
/// </summary>
internal sealed partial class EngineLoop
{
    private readonly IModelRuntime _runtime;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly KvLedger _ledger;
    private readonly PrefixCache _prefixes;
    private readonly CompletionRules _rules;
    private readonly int _systemTokens;
    private readonly WaitingLine _waiting;
    private readonly RunningSequences _running;
    private readonly StepPlan _plan = new();
    private readonly TokenBatch _batch;
    private readonly StepCancellation _step;
    private readonly LoopMeter _meter;
    private readonly WorkSignal _work = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _draining;

    /// <param name="systemTokens">Tokens of the system turn that prompts begin with.</param>
    public EngineLoop(
        IModelRuntime runtime, EngineOptions options, AnswerLexicon lexicon, int systemTokens, TimeProvider time, ILogger logger)
    {
        (_runtime, _options, _time, _logger, _systemTokens) = (runtime, options, time, logger, systemTokens);
        _ledger = new KvLedger(runtime.Info.PoolCells, Math.Min(options.SequenceIds, runtime.Info.MaxSequences));
        _prefixes = new PrefixCache(runtime, _ledger, options);
        _running = new RunningSequences(runtime, _ledger, _prefixes, time);
        _waiting = new WaitingLine(_ledger, _prefixes, options.SharePrefixes);
        _rules = new CompletionRules(runtime, lexicon, new TokenSampler(runtime.VocabularySize), options.JumpForward);
        _batch = new TokenBatch(runtime.Info.BatchRows);
        _step = new StepCancellation(runtime);
        _meter = new LoopMeter(time, runtime.Info.PoolCells);
    }

    /// <summary>Completes when the thread has ended; faults when it ended unasked.</summary>
    public Task Ended => _ended.Task;

    public LoopSnapshot Snapshot => _meter.Snapshot;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "engine loop" }.Start();

    /// <summary>Hands over a sequence. Any thread.</summary>
    public void Submit(Sequence sequence)
    {
        _waiting.Add(sequence);
        _work.Raise();
        if (Ended.IsCompleted) // it ended between the caller's look and now: nobody else will answer
            _waiting.RefuseArrivals(new EngineUnavailableException("The engine has stopped."));
    }

    /// <summary>Drops a sequence at the next step, or at once when nobody else's rows are being computed. Any thread.</summary>
    public void Cancel(Sequence sequence)
    {
        sequence.Cancel();
        _step.Cancelled(sequence);
        _work.Raise();
    }

    /// <summary>Ends the thread once all work is done. Any thread.</summary>
    public void Drain()
    {
        _draining = true;
        _work.Raise();
    }

    /// <summary>Ends the thread after the running step, which is aborted where the runtime can. Any thread.</summary>
    public void Stop()
    {
        _step.Stop();
        _work.Raise();
    }

    private void Run()
    {
        try
        {
            while (Turn())
            {
            }
            _ended.SetResult(); // before the waiters are told, so that whoever submits now sees it
            FailAll(new EngineUnavailableException("The engine is stopping."));
        }
        catch (Exception exception) // by design: whatever it was, waiters must hear of it and the process must not look alive
        {
            LoopDied(exception);
            _ended.SetException(exception);
            FailAll(new EngineUnavailableException("The engine has failed.", exception));
        }
    }

    private bool Turn()
    {
        Receive();
        if (_step.IsStopped)
            return false;
        Admit();
        _meter.Turn(_running.Count, _waiting.Count, _ledger.Reserved, _prefixes.Cells);
        Scheduler.Plan(_plan, _running.All, _prefixes.All, _options.PrefillChunk, _batch.Capacity);
        if (_plan.IsEmpty)
            return Rest();
        if (Decode())
            Advance();
        return true;
    }

    // 1. Arrivals, and those who left.
    private void Receive()
    {
        _work.Lower();
        _waiting.Receive();
        _running.DropCancelled();
    }

    // 2. In order of arrival.
    private void Admit()
    {
        while (_running.Count < _options.Parallel && _waiting.Admit(alone: _running.Count == 0) is { } sequence)
        {
            _running.Add(sequence);
            sequence.Completion = new Completion(sequence, _rules);
        }
    }

    // 3 and 4. False when nothing was computed: the runs are as they were and get planned anew.
    private bool Decode()
    {
        _batch.Clear();
        var now = _time.GetTimestamp();
        foreach (var (run, start, count) in _plan.Rows)
        {
            if (run is Sequence { IsDecoding: false } prompt)
            {
                prompt.Started ??= now;
                prompt.PrefillSteps++;
            }
            var tokens = run.Tokens;
            for (var i = start; i < start + count; i++)
                _batch.Add(tokens[i], i, run.Id, run.WantsLogits && i == run.Count - 1);
        }
        var status = Compute();
        _meter.Decoded(_batch.Count, now);
        if (status == DecodeStatus.Ok)
            return true;
        RollBack();
        _meter.StepGivenUp();
        if (status != DecodeStatus.Aborted)
            FailStep(status);
        return false;
    }

    private DecodeStatus Compute()
    {
        try
        {
            return _step.Begin(_plan) ? _runtime.Decode(_batch) : DecodeStatus.Aborted;
        }
        finally
        {
            _step.End();
        }
    }

    // 5. What the logits say.
    private void Advance()
    {
        var now = _time.GetTimestamp();
        var row = 0;
        foreach (var (run, start, count) in _plan.Rows)
        {
            run.Computed = start + count;
            row += count;
            if (run is Sequence { Pending: 0 } sequence)
                Advance(sequence, row - 1, now);
        }
        _meter.StepEnded(tokensWait: _running.CompleteFinished());
    }

    private void Advance(Sequence sequence, int row, long now)
    {
        if (!sequence.IsDecoding)
        {
            sequence.Prefilled = now;
            _prefixes.Offer(sequence, Math.Min(_systemTokens, sequence.PromptTokens));
        }
        try
        {
            sequence.Completion!.Advance(_runtime.Logits(row), now);
        }
        catch (GenerationFailedException exception) // this sequence's fault alone: its neighbours go on
        {
            sequence.Fail(exception);
            sequence.Cancel();
        }
    }

    private void RollBack()
    {
        foreach (var (run, start, _) in _plan.Rows)
            _runtime.SeqRemove(run.Id, start, -1);
    }

    /// <summary>A batch that the runtime refused: with reservation that's a bug of ours, so its sequences end and the books are logged.</summary>
    private void FailStep(DecodeStatus status)
    {
        StepFailed(status, _plan.ToString(), _ledger.ToString());
        if (status == DecodeStatus.Failed)
            throw new EngineUnavailableException("The runtime failed to compute a step.");
        foreach (var (run, _, _) in _plan.Rows)
        {
            if (run is not Sequence sequence)
                continue;
            sequence.Fail(new GenerationFailedException($"The runtime refused a step ({status})."));
            sequence.Cancel();
        }
        _prefixes.Clear();
    }

    /// <summary>Nothing to compute: check the books, then wait. False when the loop is to end.</summary>
    private bool Rest()
    {
        CacheAudit.Check(_runtime, _ledger, _prefixes);
        if (_draining && _waiting.IsEmpty)
            return false;
        _work.Wait();
        return true;
    }

    private void FailAll(Exception exception)
    {
        _running.FailAll(exception);
        _waiting.FailAll(exception);
    }

    [LoggerMessage(LogLevel.Critical, "The engine loop ended unasked")]
    private partial void LoopDied(Exception exception);

    [LoggerMessage(LogLevel.Error, "Step refused by the runtime: {Status}; plan: {Plan}; ledger: {Ledger}")]
    private partial void StepFailed(DecodeStatus status, string plan, string ledger);
}
