using System.Threading.Channels;

namespace ReasonRank.Engines.Local;

/// <summary>
/// One generation on its way through the loop: its tokens, its completion's rules and whoever waits for it. Made on the request's thread, then
/// touched by the loop's thread alone, except for <see cref="Cancel"/>.
/// </summary>
internal sealed class Sequence : TokenRun
{
    private readonly TaskCompletionSource<Generated> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<int>? _stream;
    private volatile bool _cancelled;

    /// <param name="tokens">The prompt, with room for the whole completion behind it.</param>
    /// <param name="upcoming">The head of the prompt that may follow; empty when none is expected.</param>
    public Sequence(int[] tokens, int promptTokens, GenerationRequest request, int[] upcoming, long submitted)
        : base(tokens, promptTokens)
    {
        PromptTokens = promptTokens;
        Request = request;
        Upcoming = upcoming;
        Submitted = submitted;
        Need = promptTokens + request.CompletionReserve;
        if (request.Stream)
            _stream = Channel.CreateUnbounded<int>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    }

    public GenerationRequest Request { get; }

    public int PromptTokens { get; }

    public int[] Upcoming { get; }

    /// <summary>Cells that the prompt and the longest completion fill.</summary>
    public int Need { get; }

    public long Submitted { get; }

    /// <summary>Timestamp of the first step that holds one of its rows; null before.</summary>
    public long? Started { get; set; }

    /// <summary>Timestamp of the first logits; null before.</summary>
    public long? Prefilled { get; set; }

    /// <summary>Past its prompt: it gets a token every step.</summary>
    public bool IsDecoding => Prefilled is not null;

    /// <summary>Steps that held a part of the prompt.</summary>
    public int PrefillSteps { get; set; }

    /// <summary>Prompt tokens that came from a shared prefix.</summary>
    public int Reused { get; set; }

    /// <summary>Set by the loop when the completion starts.</summary>
    public Completion? Completion { get; set; }

    public bool IsCancelled => _cancelled;

    public override bool WantsLogits => true;

    public ReadOnlySpan<int> Generated => Tokens[PromptTokens..];

    public Task<Generated> Done => _done.Task;

    /// <summary>The completion's tokens as they come; null when nobody wants them early.</summary>
    public ChannelReader<int>? Stream => _stream?.Reader;

    /// <summary>Asks the loop to drop the sequence at its next step. Any thread.</summary>
    public void Cancel() => _cancelled = true;

    public new void Append(int token)
    {
        base.Append(token);
        _stream?.Writer.TryWrite(token);
    }

    /// <summary>Hands the result to whoever waits; the waiter goes on on a thread of its own.</summary>
    public void Complete(Generated generated)
    {
        _stream?.Writer.TryComplete();
        _done.TrySetResult(generated);
    }

    public void Fail(Exception exception)
    {
        _stream?.Writer.TryComplete();
        if (exception is OperationCanceledException)
            _done.TrySetCanceled();
        else
            _done.TrySetException(exception);
    }
}
