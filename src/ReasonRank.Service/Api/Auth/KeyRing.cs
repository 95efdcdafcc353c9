using System.Security.Cryptography;
using System.Text;

namespace ReasonRank.Service.Api.Auth;

/// <summary>All keys that open the service. Thread-safe; the file's share of them may change at any time.</summary>
internal sealed class KeyRing
{
    private readonly IReadOnlyList<ApiKey> _configured;
    private volatile IReadOnlyList<ApiKey> _keys;

    public KeyRing(AuthOptions options)
    {
        // The validator has seen to it that all parse.
        _configured = [.. options.Keys.Select(key => ApiKey.Parse(key)!)];
        _keys = _configured;
        IsRequired = options.KeysFile is not null || _configured.Count > 0;
    }

    /// <summary>Whether requests need a key at all.</summary>
    public bool IsRequired { get; }

    /// <summary>Replaces the keys that came from the file.</summary>
    public void SetFileKeys(IEnumerable<ApiKey> keys) => _keys = [.. _configured, .. keys];

    /// <summary>The key that this text is; null when it's none. Looks at all of them, whichever matches.</summary>
    public ApiKey? Find(string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        ApiKey? found = null;
        foreach (var key in _keys)
        {
            if (key.Matches(hash))
                found = key;
        }

        return found;
    }
}
