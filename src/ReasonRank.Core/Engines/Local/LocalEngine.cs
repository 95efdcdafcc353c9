using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;
using ReasonRank.Engines.Local.Answers;

namespace ReasonRank.Engines.Local;

/// <summary>
/// Continuous batching over one <see cref="IModelRuntime"/>: tokenizes on the caller's thread, lets the <see cref="EngineLoop"/> decode, and
/// turns tokens back into text on the caller's thread again. Owns the runtime. Thread-safe.
/// </summary>
public sealed class LocalEngine : IGenerationEngine, IAsyncDisposable
{
    private readonly IModelRuntime _runtime;
    private readonly PromptTokenizer _prompts;
    private readonly EngineLoop _loop;
    private readonly TimeProvider _time;
    private volatile bool _closed;

    /// <summary>Takes over the runtime and starts the loop.</summary>
    /// <param name="systemMessage">The system message that prompts begin with: its cells are kept and shared.</param>
    /// <exception cref="ModelUnfitException">The model's vocabulary can't write ReasonRank's prompt or answer.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or the runtime is too small for what is to run at once.</exception>
    public LocalEngine(IModelRuntime runtime, EngineOptions options, string systemMessage, TimeProvider time, ILogger<LocalEngine> logger)
    {
        var info = runtime.Info;
        RequireRoom(options, info);
        _runtime = runtime;
        _time = time;
        _prompts = new PromptTokenizer(runtime);
        Info = new EngineInfo
        {
            Model = info.Model,
            Architecture = info.Architecture,
            ContextTokens = Math.Min(info.TrainedContext, info.PoolCells),
            Parallel = options.Parallel,
            PoolCells = info.PoolCells,
            VocabularySize = runtime.VocabularySize,
            Metadata = info.Metadata,
            Runtime = info.Description,
        };
        var systemTokens = _prompts.CountTokens(new ChatPrompt(systemMessage, "", IsOpen: true));
        _loop = new EngineLoop(runtime, options, new AnswerLexicon(runtime, _prompts), systemTokens, time, logger);
        _loop.Start();
    }

    public EngineInfo Info { get; }

    /// <summary>Completes when the engine has stopped; faults when its loop died, after which it serves nobody.</summary>
    public Task Ended => _loop.Ended;

    /// <summary>What the loop is doing.</summary>
    public LoopSnapshot Snapshot => _loop.Snapshot;

    public int CountTokens(string text) => _prompts.CountTokens(text);

    public int CountTokens(ChatPrompt prompt) => _prompts.CountTokens(prompt);

    public string Truncate(string text, int maxTokens) => _prompts.Truncate(text, maxTokens);

    /// <exception cref="PromptTooLongException">Prompt and completion don't fit the context.</exception>
    public async IAsyncEnumerable<GenerationChunk> GenerateAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var sequence = Served(() => Prepare(request));
        _loop.Submit(sequence);
        using var cancellation = cancellationToken.UnsafeRegister(
            static state =>
            {
                var (loop, left) = ((EngineLoop, Sequence))state!;
                loop.Cancel(left);
            },
            (_loop, sequence));
        try
        {
            if (sequence.Stream is { } stream)
            {
                var decoder = new StreamedText(_runtime);
                while (await stream.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
                {
                    if (Served(() => decoder.Read(stream)) is { Length: > 0 } text)
                        yield return new GenerationChunk(text);
                }
                if (decoder.Rest() is { Length: > 0 } rest)
                    yield return new GenerationChunk(rest);
            }
            var generated = await sequence.Done.ConfigureAwait(false);
            var whole = Served(() => _runtime.Text(generated.Tokens));
            yield return new GenerationChunk("", new Generation(whole, generated.Finish, generated.Usage, generated.Timings));
        }
        finally
        {
            if (!sequence.Done.IsCompleted)
                _loop.Cancel(sequence);
        }
    }

    /// <summary>Refuses new work and waits for what was accepted; when <paramref name="deadline"/> fires, stops where it stands.</summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        _closed = true;
        _loop.Drain();
        await using var hurry = deadline.UnsafeRegister(static loop => ((EngineLoop)loop!).Stop(), _loop).ConfigureAwait(false);
        await _loop.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _runtime.Dispose();
    }

    private Sequence Prepare(GenerationRequest request)
    {
        if (_closed)
            throw new EngineUnavailableException("The engine is stopping.");
        if (_loop.Ended.IsCompleted)
            throw new EngineUnavailableException("The engine has stopped.");
        RequestRules.Check(request);
        var prompt = _prompts.Encode(request.Prompt);
        if (request.Reasoning.Budget > Info.ContextTokens || request.FreeAnswerTokens > Info.ContextTokens
            || prompt.Length + request.CompletionReserve > Info.ContextTokens)
        {
            throw new PromptTooLongException(
                $"The prompt of {prompt.Length} tokens, up to {request.Reasoning.Budget} of reasoning and the answer exceed the context of {Info.ContextTokens}.");
        }
        var tokens = new int[prompt.Length + request.CompletionReserve];
        prompt.CopyTo(tokens, 0);
        var upcoming = request.Upcoming is { } next ? _prompts.Encode(next) : [];
        if (upcoming.Length >= Info.ContextTokens) // no prompt can begin with it
            upcoming = [];
        return new Sequence(tokens, prompt.Length, request, upcoming, _time.GetTimestamp());
    }

    /// <summary>What needs the vocabulary: who comes, or reads on, while the engine is disposed hears of it as of any other end.</summary>
    private static T Served<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (ObjectDisposedException exception)
        {
            throw new EngineUnavailableException("The engine has stopped.", exception);
        }
    }

    private static void RequireRoom(EngineOptions options, RuntimeInfo runtime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Parallel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PrefillChunk, Scheduler.SmallestChunk);
        if (Math.Min(runtime.BatchRows, runtime.MaxSequences) < options.Parallel)
        {
            throw new ArgumentException(
                $"{options.Parallel} sequences at once need as many batch rows and sequence ids: the runtime has {runtime.BatchRows} and {runtime.MaxSequences}.",
                nameof(options));
        }
    }
}
