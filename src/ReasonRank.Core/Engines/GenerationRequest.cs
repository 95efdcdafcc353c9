using System.Text;

namespace ReasonRank.Engines;

/// <summary>One window's work for an engine.</summary>
public sealed record GenerationRequest
{
    public required ChatPrompt Prompt { get; init; }

    public Sampling Sampling { get; init; } = Sampling.Greedy;

    /// <summary>Seeds the sampler; without effect at temperature 0.</summary>
    public uint Seed { get; init; }

    public required Reasoning Reasoning { get; init; }

    /// <summary>Holds what follows the reasoning to the answer language; null leaves the answer free.</summary>
    public PermutationAnswer? Answer { get; init; }

    /// <summary>Tokens kept for a free answer, on top of the reasoning budget; ignored with <see cref="Answer"/>, which bounds itself.</summary>
    public int FreeAnswerTokens { get; init; }

    /// <summary>The open head of the prompt that the caller will probably ask for next: an engine may prefill it with spare rows.</summary>
    public ChatPrompt? Upcoming { get; init; }

    /// <summary>Deliver text while it's decoded, not only the finished generation.</summary>
    public bool Stream { get; init; }

    /// <summary>Tokens that a completion can't exceed in any vocabulary: the room kept for it in the context and the cache.</summary>
    public int CompletionReserve =>
        Reasoning.Budget + Encoding.UTF8.GetByteCount(Reasoning.CloseText) + (Answer?.MaxTokens ?? FreeAnswerTokens);
}

/// <summary>How a token is drawn. Temperature 0 is greedy and ignores the rest.</summary>
/// <param name="Temperature">0 to 2.</param>
/// <param name="TopK">Keep the k likeliest tokens; 0 keeps all.</param>
/// <param name="TopP">Keep the smallest set of likeliest tokens with this probability mass; (0, 1].</param>
public readonly record struct Sampling(float Temperature, int TopK = 0, float TopP = 1f)
{
    public static Sampling Greedy => default;

    public bool IsGreedy => Temperature <= 0f;
}

/// <summary>The bounds of the chain of thought.</summary>
/// <param name="Budget">Reasoning tokens allowed; 0 puts <paramref name="CloseText"/> in place of any reasoning.</param>
/// <param name="CloseText">
/// What ends the reasoning when the model doesn't: the close and <c>&lt;answer&gt;</c> as the profile's training data write them.
/// </param>
/// <param name="CloseAt">Timestamp of the engine's <see cref="TimeProvider"/> at which the reasoning is closed whatever budget is left.</param>
public sealed record Reasoning(int Budget, string CloseText, long? CloseAt = null);

/// <summary>The answer wanted: identifiers 1..<paramref name="Count"/>, each once, of which the first <paramref name="StopAfter"/> are needed.</summary>
public sealed record PermutationAnswer(int Count, int StopAfter)
{
    public PermutationAnswer(int count)
        : this(count, count)
    {
    }

    /// <summary>The most identifiers of a window: what an answer's state has room for.</summary>
    public const int Limit = 127;

    /// <summary>
    /// Tokens that no answer exceeds, whatever the vocabulary: the bytes of the longest text of the answer language,
    /// since a byte-level vocabulary never needs more than a token a byte.
    /// </summary>
    public int MaxTokens
    {
        get
        {
            var tags = "</think>".Length + "<answer>".Length + "</answer>".Length + 6;
            var identifiers = 0;
            for (var id = 1; id <= Count; id++)
                identifiers += (id < 10 ? 1 : id < 100 ? 2 : 3) + "[]".Length + " > ".Length;
            return tags + identifiers;
        }
    }
}
