using System.Buffers;
using System.Text;
using ReasonRank.Engines.Local;

namespace ReasonRank.TestSupport;

/// <summary>
/// A script that wants a certain text behind every prompt, in the vocabulary's own tokens, with near misses close behind it: wherever the
/// completion so far is the beginning of the wanted text, the token that continues it has the highest logit by a hair.
/// </summary>
public sealed class WantedText
{
    private readonly ScriptedVocabulary _vocabulary;
    private readonly Func<int[], string> _wanted;
    private readonly int[] _turn;

    /// <param name="wanted">The text wanted behind a prompt, given the prompt's tokens.</param>
    public WantedText(ScriptedVocabulary vocabulary, Func<int[], string> wanted)
    {
        _vocabulary = vocabulary;
        _wanted = wanted;
        _turn = [vocabulary.TurnStart, .. vocabulary.Tokenize("assistant\n", parseSpecial: false)];
    }

    public void Fill(ReadOnlySpan<int> prefix, Span<float> logits)
    {
        ScriptedRuntime.Hashed(prefix, logits);
        var start = prefix.LastIndexOf(_turn) + _turn.Length;
        var written = new ArrayBufferWriter<byte>();
        foreach (var token in prefix[start..])
            ((ITokenizer)_vocabulary).AppendPiece(token, written);
        ReadOnlySpan<byte> wanted = Encoding.UTF8.GetBytes(_wanted(prefix[..start].ToArray()));
        if (!wanted.StartsWith(written.WrittenSpan))
            return;
        var rest = wanted[written.WrittenCount..];
        var next = rest.IsEmpty ? _vocabulary.TurnEnd : _vocabulary.LongestAt(rest);
        var best = 0f;
        foreach (var logit in logits)
            best = Math.Max(best, logit);
        logits[next] = best + 1e-4f;
    }
}
