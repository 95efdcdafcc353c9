using System.Text;
using ReasonRank.Engines;
using ReasonRank.Engines.Local;

namespace ReasonRank.TestSupport;

/// <summary>
/// A byte vocabulary with the merged pieces that a Qwen-like one has around answers, and greedy longest-match tokenization.
/// Digits stay single unless two-digit identifiers are asked for.
/// </summary>
public sealed class ScriptedVocabulary : ITokenizer
{
    private static readonly string[] Merged =
    [
        "think", "answer", "</", ">\n\n", ">\n", "\n\n", " [", " >", "]>[", "] >", "]>", ">[", " </", "> [", "system", "user", "assistant",
        "Passage", " passage", "thin", "]\n", " <", " the", " is", "é", "[]",
    ];

    private readonly List<byte[]> _pieces = [];
    private readonly Dictionary<string, int> _ids = [];
    private readonly int _longest;

    public ScriptedVocabulary(bool twoDigitTokens = false)
    {
        for (var value = 0; value < 256; value++)
            Add([(byte)value]);
        foreach (var text in Merged)
            Add(Encoding.UTF8.GetBytes(text));
        for (var id = 10; twoDigitTokens && id < 100; id++)
            Add(Encoding.UTF8.GetBytes(id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        _longest = _pieces.Max(piece => piece.Length);
        TurnStart = _pieces.Count;
        TurnEnd = _pieces.Count + 1;
        EndOfText = _pieces.Count + 2;
        VocabularySize = _pieces.Count + 3;
    }

    public int TurnStart { get; }

    /// <summary>Closes a turn, and with it a generation.</summary>
    public int TurnEnd { get; }

    public int EndOfText { get; }

    public int VocabularySize { get; }

    public bool IsControl(int token) => token >= TurnStart;

    public bool IsEndOfGeneration(int token) => token >= TurnEnd;

    public int TokenPiece(int token, Span<byte> destination)
    {
        var piece = IsControl(token) ? Encoding.UTF8.GetBytes(ControlText(token)) : _pieces[token];
        if (piece.Length > destination.Length)
            return -piece.Length;
        piece.CopyTo(destination);
        return piece.Length;
    }

    public int[] Tokenize(string text, bool parseSpecial)
    {
        var tokens = new List<int>();
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var at = 0; at < bytes.Length;)
        {
            var (control, plain) = parseSpecial ? NextControl(bytes.AsSpan(at)) : (-1, bytes.Length - at);
            for (var end = at + plain; at < end; at += _pieces[tokens[^1]].Length)
                tokens.Add(LongestAt(bytes.AsSpan(at, end - at)));
            if (control < 0)
                continue;
            tokens.Add(control);
            at += Encoding.UTF8.GetByteCount(ControlText(control));
        }
        return [.. tokens];
    }

    private void Add(byte[] piece)
    {
        _ids[Convert.ToHexString(piece)] = _pieces.Count;
        _pieces.Add(piece);
    }

    /// <summary>The longest token that these bytes, at least one, begin with.</summary>
    public int LongestAt(ReadOnlySpan<byte> text)
    {
        for (var length = Math.Min(_longest, text.Length); ; length--)
        {
            if (_ids.TryGetValue(Convert.ToHexString(text[..length]), out var token))
                return token;
        }
    }

    /// <summary>The first control token written out in a text, or -1, and the bytes before it.</summary>
    private (int Token, int Before) NextControl(ReadOnlySpan<byte> text)
    {
        var (first, before) = (-1, text.Length);
        for (var token = TurnStart; token < VocabularySize; token++)
        {
            var at = text.IndexOf(Encoding.UTF8.GetBytes(ControlText(token)));
            if (at >= 0 && at < before)
                (first, before) = (token, at);
        }
        return (first, before);
    }

    private string ControlText(int token) =>
        token == TurnStart ? ChatPrompt.TurnStart : token == TurnEnd ? ChatPrompt.TurnEnd : "<|endoftext|>";
}
