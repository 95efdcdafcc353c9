using ReasonRank.Engines;

namespace ReasonRank.Prompting;

/// <summary>
/// Divides a context between prompt, reasoning and answer. The reasoning gives way first, down to <see cref="LeastReasoning"/> tokens;
/// then passages are cut, the longest first and to one length, down to <see cref="LeastPassage"/> tokens; then the request is refused.
/// </summary>
/// <param name="context">Tokens for prompt and completion.</param>
/// <param name="answerReserve">Tokens that the close and the longest answer take.</param>
/// <param name="asked">The reasoning budget asked for; one below <see cref="LeastReasoning"/> doesn't give way.</param>
internal readonly struct PassageBudget(int context, int answerReserve, int asked)
{
    public const int LeastReasoning = 64;

    public const int LeastPassage = 16;

    private readonly int _least = Math.Min(asked, LeastReasoning);

    /// <summary>The reasoning budget beside a prompt of this length; null when passages must be cut first.</summary>
    public int? Reasoning(int promptTokens)
    {
        var left = context - answerReserve - promptTokens;
        return left >= _least ? Math.Min(asked, left) : null;
    }

    /// <summary>
    /// The tokens that each passage is to be cut to, so that the prompt leaves room for the least reasoning. Less than
    /// <paramref name="tried"/>, whatever the lengths promise, and less in proportion: a cut passage can take more tokens than it was
    /// cut to, because its edges merge otherwise in the prompt, <c>[7]</c> becomes <c>(7)</c>, or the cut went through a character.
    /// </summary>
    /// <param name="tried">The limit that left the prompt too long; null when nothing has been cut.</param>
    /// <exception cref="PromptTooLongException">That would be fewer than <see cref="LeastPassage"/>.</exception>
    public int PassageLimit(PromptCost cost, int? tried)
    {
        var excess = cost.Prompt + _least + answerReserve - context;
        var limit = CommonLimit(cost.Passages, cost.Passages.Sum() - excess);
        var longest = cost.Passages.Max();
        limit = tried is { } last ? (int)Math.Min(last - 1, (long)last * limit / longest) : Math.Min(longest - 1, limit);
        return limit >= LeastPassage ? limit : throw TooLong(cost);
    }

    /// <summary>The largest limit under which passages of these lengths take no more than <paramref name="room"/> tokens.</summary>
    private static int CommonLimit(IReadOnlyList<int> lengths, int room)
    {
        var waiting = lengths.Count;
        foreach (var length in lengths.Order())
        {
            var share = room / waiting;
            if (length > share)
                return share;
            room -= length;
            waiting--;
        }
        return lengths.Max();
    }

    private PromptTooLongException TooLong(PromptCost cost)
    {
        var shortest = cost.Prompt - cost.Passages.Sum(length => length - Math.Min(length, LeastPassage)) + _least + answerReserve;
        return cost.Query > context || shortest - cost.Query <= context
            ? new PromptTooLongException($"The query takes {cost.Query} tokens in the prompt: too many for a context of {context}.", "query")
            : new PromptTooLongException(
                $"A window of {cost.Passages.Count} passages takes {shortest} tokens at least: too many for a context of {context}.",
                "window_size");
    }
}

/// <summary>What a rendered prompt takes, in tokens.</summary>
/// <param name="Prompt">The whole of it.</param>
/// <param name="Query">Both mentions of the query.</param>
/// <param name="Passages">Each passage; at least one.</param>
internal sealed record PromptCost(int Prompt, int Query, IReadOnlyList<int> Passages);
