namespace ReasonRank.Engines;

/// <summary>A piece of a streamed generation. <see cref="Finished"/> is set on the last chunk only.</summary>
public readonly record struct GenerationChunk(string Text, Generation? Finished = null);

/// <summary>A finished completion: the reasoning, its close and the answer, as one text.</summary>
public sealed record Generation(string Text, FinishReason Finish, GenerationUsage Usage, GenerationTimings Timings);

public enum FinishReason
{
    /// <summary>The model closed its reasoning and finished its answer.</summary>
    Stop,

    /// <summary>The reasoning budget was used up and the close was forced.</summary>
    Budget,

    /// <summary>The identifiers needed were there; the rest of the answer wasn't decoded.</summary>
    EarlyStop,

    /// <summary>The reasoning was closed because its time was up.</summary>
    Deadline,

    /// <summary>A free answer was cut by its token limit.</summary>
    Length,
}

/// <summary>Token counts of one generation.</summary>
public sealed record GenerationUsage
{
    public int PromptTokens { get; init; }

    /// <summary>Prompt tokens whose cells were shared instead of computed.</summary>
    public int ReusedPromptTokens { get; init; }

    /// <summary>All tokens of the completion, forced ones included.</summary>
    public int CompletionTokens { get; init; }

    /// <summary>Completion tokens before the close of the reasoning.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>Steps that computed a part of the prompt, up to the one with the first logits.</summary>
    public int PrefillSteps { get; init; }

    /// <summary>Steps that produced logits for this generation.</summary>
    public int DecodeSteps { get; init; }

    /// <summary>Steps that produced logits after the reasoning was closed.</summary>
    public int AnswerSteps { get; init; }

    /// <summary>Separators that differ from the answer's first one.</summary>
    public int StyleBreaks { get; init; }
}

/// <summary>Where the time of one generation went.</summary>
/// <param name="Queue">From submission to the first step that holds one of its rows.</param>
/// <param name="Prefill">From there to the first logits.</param>
/// <param name="Decode">From there to the end.</param>
public sealed record GenerationTimings(TimeSpan Queue, TimeSpan Prefill, TimeSpan Decode);
