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
        var text = new char[_decoder.GetCharCount(_bytes.WrittenSpan, flush: false)];
        _decoder.GetChars(_bytes.WrittenSpan, text, flush: false);
        return new string(text);
    }
}
