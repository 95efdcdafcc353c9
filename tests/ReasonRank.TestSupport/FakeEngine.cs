using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using ReasonRank.Engines;

namespace ReasonRank.TestSupport;

/// <summary>
/// An engine without a model: it ranks passages by the first number in their text, counts words as tokens, and obeys
/// budgets, early stop, close times and cancellation the way a real engine does. With a <see cref="Clock"/> it spends
/// time on every token. Thread-safe once set up.
/// </summary>
internal sealed partial class FakeEngine : IGenerationEngine
{
    private const int PrefillChunks = 10;
    private readonly ConcurrentQueue<string> _scripted = new();
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly ConcurrentQueue<GenerationRequest> _requests = new();
    private readonly Channel<bool> _departures = Channel.CreateUnbounded<bool>();
    private int _running;
    private int _maxRunning;

    public EngineInfo Info { get; init; } = new()
    {
        Model = "fake",
        Architecture = "qwen2",
        ContextTokens = 16_384,
        Parallel = 4,
        PoolCells = 65_536,
        VocabularySize = 32_000,
        Runtime = "a fake engine for tests",
    };

    /// <summary>Gives the order of a window's passages as identifiers from 1.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<int>> Rank { get; set; } = FakePassages.ByNumber;

    /// <summary>What the model thinks before it answers; one token a word.</summary>
    public string Thought { get; set; } = "The largest number is the most relevant.";

    public double PrefillTokensPerSecond { get; set; } = 1_000;

    public TimeSpan TokenTime { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Moved on while the engine works; null works in no time, with timings reported from the rates all the same.</summary>
    public ManualTimeProvider? Clock { get; set; }

    /// <summary>When set, each generation waits for it after it has arrived.</summary>
    public FakeGate? Gate { get; set; }

    /// <summary>When set, awaited before each token, which it is given.</summary>
    public Func<string, CancellationToken, Task>? BeforeToken { get; set; }

    /// <summary>Every generation asked for, in order of arrival.</summary>
    public IReadOnlyList<GenerationRequest> Requests => [.. _requests];

    /// <summary>Generations at work now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>The most generations ever at work at once.</summary>
    public int MaxRunning => Volatile.Read(ref _maxRunning);

    /// <summary>Completes when one more generation has ended, whichever way.</summary>
    public Task DepartureAsync() => _departures.Reader.ReadAsync().AsTask().WaitAsync(TestTimeouts.Patience);

    /// <summary>The next generations give these completions, word for word.</summary>
    public void Say(params IEnumerable<string> completions)
    {
        foreach (var completion in completions)
            _scripted.Enqueue(completion);
    }

    /// <summary>The next generation fails.</summary>
    public void FailNext(Exception failure) => _failures.Enqueue(failure);

    public int CountTokens(string text) => Words().Count(text);

    public int CountTokens(ChatPrompt prompt) => prompt.Pieces.Sum(piece => piece.IsMarker ? 1 : CountTokens(piece.Text));

    public string Truncate(string text, int maxTokens)
    {
        if (maxTokens <= 0)
            return "";
        var words = Words().Matches(text);
        return words.Count <= maxTokens ? text : text[..(words[maxTokens - 1].Index + words[maxTokens - 1].Length)];
    }

    public async IAsyncEnumerable<GenerationChunk> GenerateAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _requests.Enqueue(request);
        var running = Interlocked.Increment(ref _running);
        InterlockedMax(ref _maxRunning, running);
        try
        {
            if (Gate is { } gate)
                await gate.PassAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (_failures.TryDequeue(out var failure))
                throw failure;

            var promptTokens = CountTokens(request.Prompt);
            if (promptTokens > Info.ContextTokens)
                throw new PromptTooLongException($"The prompt has {promptTokens} tokens and the context {Info.ContextTokens}.");
            var prefill = TimeSpan.FromSeconds(promptTokens / PrefillTokensPerSecond);
            for (var chunk = 0; chunk < PrefillChunks; chunk++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Clock?.Advance(prefill / PrefillChunks);
            }

            var completion = new FakeCompletion(this, request, _scripted.TryDequeue(out var scripted) ? scripted : null);
            var text = new StringBuilder();
            foreach (var token in completion.Tokens())
            {
                if (BeforeToken is { } wait)
                    await wait(token, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                Clock?.Advance(TokenTime);
                text.Append(token);
                if (request.Stream)
                    yield return new GenerationChunk(token);
            }

            cancellationToken.ThrowIfCancellationRequested();
            var usage = completion.Usage with { PromptTokens = promptTokens };
            var timings = new GenerationTimings(TimeSpan.Zero, prefill, TokenTime * usage.CompletionTokens);
            yield return new GenerationChunk("", new Generation(text.ToString(), completion.Finish, usage, timings));
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            _departures.Writer.TryWrite(true);
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }

    /// <summary>A word with the white space before it: joined again, the words give the text without its trailing white space.</summary>
    [GeneratedRegex(@"\s*\S+")]
    internal static partial Regex Words();
}
