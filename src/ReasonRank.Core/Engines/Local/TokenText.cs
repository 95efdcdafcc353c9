using System.Buffers;
using System.Text;

namespace ReasonRank.Engines.Local;

/// <summary>Text of tokens. A character may be spread over several tokens, so bytes are joined before they're decoded.</summary>
public static class TokenText
{
    extension(ITokenizer tokenizer)
    {
        /// <summary>The tokens' text; control tokens have none. Bytes that are no UTF-8 become U+FFFD.</summary>
        public string Text(ReadOnlySpan<int> tokens)
        {
            var bytes = new ArrayBufferWriter<byte>(tokens.Length * 4 + 16);
            foreach (var token in tokens)
                tokenizer.AppendPiece(token, bytes);
            return Encoding.UTF8.GetString(bytes.WrittenSpan);
        }

        /// <summary>The bytes of one token; control tokens have none.</summary>
        public byte[] Bytes(int token)
        {
            var bytes = new ArrayBufferWriter<byte>(16);
            tokenizer.AppendPiece(token, bytes);
            return bytes.WrittenSpan.ToArray();
        }

        /// <summary>Appends the bytes of one token; control tokens have none.</summary>
        public void AppendPiece(int token, IBufferWriter<byte> destination)
        {
            if (tokenizer.IsControl(token))
                return;
            var written = tokenizer.TokenPiece(token, destination.GetSpan(32));
            if (written < 0)
                written = tokenizer.TokenPiece(token, destination.GetSpan(-written));
            destination.Advance(written);
        }
    }
}
