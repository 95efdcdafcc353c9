using System.Text;

namespace ReasonRank.TestSupport.Gguf;

/// <summary>
/// A byte-level BPE vocabulary made for the protocol: all bytes, its words and punctuation, its markers. Any text can be written in it.
/// </summary>
internal sealed class RandomModelVocabulary
{
    private static readonly string[] Words =
    [
        "system", "user", "assistant", "think", "<think", "</", "answer", "<answer", " >", " [", "]", "] ", ">\n", ">\n\n", "\n\n",
        " passage", " passages", "passage", " query", " rank", " ranking", " relevant", " relevance", " the", " of", " to", " and", " is",
        " in", " search", " based", " their", " first", " more", " than", " so", " should", " Search", "Search", " Query", " about",
    ];

    private readonly List<string> _tokens = [];
    private readonly List<int> _types = [];
    private readonly List<(string Left, string Right)> _merges = [];
    private readonly HashSet<string> _known = [];

    private const int Normal = 1, Control = 3, UserDefined = 4;

    /// <param name="size">Tokens in all; the last ones before the markers are never written by the tokenizer.</param>
    /// <param name="twoDigitIds">Numbers 10 to 20 are one token each, as in vocabularies that keep digits together.</param>
    /// <param name="thinkTokens">&lt;think&gt; and &lt;/think&gt; are user-defined tokens, as in Qwen3.</param>
    public RandomModelVocabulary(int size, bool twoDigitIds = false, bool thinkTokens = false, bool chatMarkers = true)
    {
        PreTokenizer = twoDigitIds ? "llama-bpe" : "qwen2";
        for (var i = 0; i < 256; i++)
            Add(Letter((byte)i).ToString(), Normal);
        foreach (var word in Words)
            Merge(word);
        for (var id = 10; twoDigitIds && id <= 20; id++)
            Merge($"{id}");

        string[] controls = chatMarkers ? ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] : ["<|endoftext|>"];
        string[] users = thinkTokens ? ["<think>", "</think>"] : [];
        for (var i = 0; _tokens.Count < size - controls.Length - users.Length; i++)
            Add($"{Letter((byte)' ')}filler{Alphabetic(i)}", Normal);
        EndOfText = _tokens.Count;
        EndOfTurn = EndOfText + controls.Length - 1;
        foreach (var control in controls)
            Add(control, Control);
        foreach (var user in users)
            Add(user, UserDefined);
    }

    public int Size => _tokens.Count;

    public string PreTokenizer { get; }

    public int EndOfText { get; }

    public int EndOfTurn { get; }

    public void WriteTo(GgufWriter file) => file
        .Set("tokenizer.ggml.model", "gpt2")
        .Set("tokenizer.ggml.pre", PreTokenizer)
        .Set("tokenizer.ggml.tokens", _tokens.ToArray())
        .Set("tokenizer.ggml.token_type", _types.ToArray())
        .Set("tokenizer.ggml.merges", _merges.Select(merge => $"{merge.Left} {merge.Right}").ToArray())
        .Set("tokenizer.ggml.bos_token_id", EndOfText)
        .Set("tokenizer.ggml.eos_token_id", EndOfTurn)
        .Set("tokenizer.ggml.padding_token_id", EndOfText)
        .Set("tokenizer.ggml.add_bos_token", false);

    private void Add(string token, int type)
    {
        if (!_known.Add(token))
            throw new ArgumentException($"'{token}' is in the vocabulary twice.", nameof(token));
        _tokens.Add(token);
        _types.Add(type);
    }

    /// <summary>Makes a text one token: what the merges so far leave of it is joined from the left.</summary>
    private void Merge(string text)
    {
        var pieces = Encoding.UTF8.GetBytes(text).Select(value => Letter(value).ToString()).ToList();
        foreach (var (left, right) in _merges)
        {
            for (var i = 0; i < pieces.Count - 1; i++)
            {
                if (pieces[i] == left && pieces[i + 1] == right)
                    Join(i);
            }
        }
        while (pieces.Count > 1)
        {
            _merges.Add((pieces[0], pieces[1]));
            if (!_known.Contains(pieces[0] + pieces[1]))
                Add(pieces[0] + pieces[1], Normal);
            Join(0);
        }

        void Join(int at)
        {
            pieces[at] += pieces[at + 1];
            pieces.RemoveAt(at + 1);
        }
    }

    /// <summary>The printable character that stands for a byte in byte-level BPE.</summary>
    private static char Letter(byte value)
    {
        if (IsPrintable(value))
            return (char)value;
        var shift = Enumerable.Range(0, value).Count(lower => !IsPrintable((byte)lower));
        return (char)(256 + shift);
    }

    private static bool IsPrintable(byte value) => value is >= (byte)'!' and <= (byte)'~' or >= 0xA1 and <= 0xAC or >= 0xAE;

    /// <summary>A number without digits, so that a random model's output holds none that isn't meant.</summary>
    private static string Alphabetic(int number)
    {
        var letters = "";
        for (; number > 0 || letters.Length == 0; number /= 26)
            letters = (char)('a' + (number % 26)) + letters;
        return letters;
    }
}
