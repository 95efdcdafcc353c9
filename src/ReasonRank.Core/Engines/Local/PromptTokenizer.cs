using System.Text;

namespace ReasonRank.Engines.Local;

/// <summary>
/// Turns prompts into tokens piece by piece: chat markers become their control token, all other text is tokenized as plain text.
/// For clean text that equals tokenizing the whole prompt with its markup; for hostile text no passage can open or close a turn.
/// User-defined tokens, such as Qwen3's <c>&lt;think&gt;</c>, still match inside passages, as they do in the reference. Thread-safe.
/// </summary>
public sealed class PromptTokenizer : ITokenCounter
{
    private readonly ITokenizer _tokenizer;
    private readonly int _turnStart;
    private readonly int _turnEnd;

    /// <exception cref="ModelUnfitException">A chat marker isn't exactly one control token of this vocabulary.</exception>
    public PromptTokenizer(ITokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _turnStart = Marker(ChatPrompt.TurnStart);
        _turnEnd = Marker(ChatPrompt.TurnEnd);
    }

    /// <summary>The tokens of the whole prompt.</summary>
    public int[] Encode(ChatPrompt prompt)
    {
        var tokens = new List<int>(256);
        foreach (var piece in prompt.Pieces)
        {
            if (piece.IsMarker)
                tokens.Add(piece.Text == ChatPrompt.TurnStart ? _turnStart : _turnEnd);
            else
                tokens.AddRange(Encode(piece.Text));
        }
        return [.. tokens];
    }

    /// <summary>The tokens of plain text.</summary>
    public int[] Encode(string text) => text.Length == 0 ? [] : _tokenizer.Tokenize(text, parseSpecial: false);

    public int CountTokens(string text) => Encode(text).Length;

    public int CountTokens(ChatPrompt prompt)
    {
        var count = 0;
        foreach (var piece in prompt.Pieces)
            count += piece.IsMarker ? 1 : CountTokens(piece.Text);
        return count;
    }

    public string Truncate(string text, int maxTokens)
    {
        // A token holds at least one byte, so a short text can't have too many.
        if (Encoding.UTF8.GetMaxByteCount(text.Length) <= maxTokens)
            return text;
        var tokens = Encode(text);
        return tokens.Length <= maxTokens ? text : _tokenizer.Text(tokens.AsSpan(0, maxTokens));
    }

    private int Marker(string text)
    {
        var tokens = _tokenizer.Tokenize(text, parseSpecial: true);
        if (tokens.Length == 1 && _tokenizer.IsControl(tokens[0]))
            return tokens[0];
        throw new ModelUnfitException(
            $"The model's vocabulary has no single control token for {text}: it isn't a ChatML model, and ReasonRank's prompt can't be written in it.");
    }
}

/// <summary>A model that loads but can't serve ReasonRank's protocol.</summary>
public sealed class ModelUnfitException(string message) : Exception(message);
