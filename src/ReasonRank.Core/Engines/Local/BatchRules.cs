namespace ReasonRank.Engines.Local;

/// <summary>What llama.cpp asserts, or leaves to chance, about a batch: checked before the call, since a failed assertion ends the process.</summary>
/// <param name="positions">Positions a sequence may have.</param>
/// <param name="lastPosition">The last position that a sequence holds in the cache; -1 when it's empty.</param>
public sealed class BatchRules(int vocabulary, int rows, int sequences, int positions, Func<int, int> lastPosition)
{
    private readonly int[] _next = new int[sequences];

    /// <summary>Why the batch can't be decoded, or null.</summary>
    public string? FindFault(TokenBatch batch)
    {
        if (batch.Count == 0)
            return "the batch is empty";
        if (batch.Count > rows)
            return "the batch has too many rows";
        if (batch.Outputs > sequences)
            return "too many rows ask for logits";

        Array.Fill(_next, -1);
        for (var i = 0; i < batch.Count; i++)
        {
            var sequence = batch.Sequences[i];
            if ((uint)sequence >= (uint)sequences)
                return "a sequence id is out of range";
            if ((uint)batch.Tokens[i] >= (uint)vocabulary)
                return "a token is out of range";
            if (_next[sequence] < 0)
                _next[sequence] = lastPosition(sequence) + 1;
            if (batch.Positions[i] != _next[sequence])
                return "a row doesn't continue its sequence";
            if (_next[sequence]++ >= positions)
                return "a position is beyond the context";
        }
        return null;
    }
}
