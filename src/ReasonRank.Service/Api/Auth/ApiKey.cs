using System.Security.Cryptography;
using System.Text;

namespace ReasonRank.Service.Api.Auth;

/// <summary>A key, of which only the SHA-256 is kept.</summary>
internal sealed class ApiKey
{
    private const string HashPrefix = "sha256:";
    private readonly byte[] _hash;

    private ApiKey(byte[] hash)
    {
        _hash = hash;
        Name = Convert.ToHexStringLower(hash.AsSpan(0, 8));
    }

    /// <summary>Tells keys apart without giving them away: the head of the hash.</summary>
    public string Name { get; }

    /// <summary>Reads a key from configuration: itself, or its hash; null when the hash isn't one. White space around it doesn't count: no header has any.</summary>
    public static ApiKey? Parse(string text)
    {
        text = text.Trim();
        if (!text.StartsWith(HashPrefix, StringComparison.OrdinalIgnoreCase))
            return new ApiKey(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var digits = text[HashPrefix.Length..];
        return digits.Length == 2 * SHA256.HashSizeInBytes && digits.All(char.IsAsciiHexDigit) ? new ApiKey(Convert.FromHexString(digits)) : null;
    }

    /// <summary>Takes the same time whatever the hashes have in common.</summary>
    public bool Matches(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(_hash, hash);
}
