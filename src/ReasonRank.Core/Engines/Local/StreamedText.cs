using System.Buffers;
using System.Text;
using System.Threading.Channels;

namespace ReasonRank.Engines.Local;

/// <summary>Text of tokens that arrive one by one: bytes of an unfinished character wait for the rest of it.</summary>
internal sealed class StreamedText(ITokenizer tokenizer)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Everything that has arrived.</summary>
    public string Read(ChannelReader<int> tokens)
    {
        _bytes.ResetWrittenCount();
        while (tokens.TryRead(out var token))
            tokenizer.AppendPiece(token, _bytes);
        return Decode(_bytes.WrittenSpan, isEnd: false);
    }

    /// <summary>What is left at the end: U+FFFD for a character that was cut, as in the text as a whole.</summary>
    public string Rest() => Decode([], isEnd: true);

    private string Decode(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        var text = new char[_decoder.GetCharCount(bytes, isEnd)];
        _decoder.GetChars(bytes, text, isEnd);
        return new string(text);
    }
}
