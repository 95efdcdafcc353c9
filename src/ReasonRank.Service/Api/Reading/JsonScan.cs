using System.Text.Json;

namespace ReasonRank.Service.Api.Reading;

/// <summary>
/// Walks a body once before anything is read from it, because <see cref="JsonDocument"/> says neither where a text stops being JSON nor that
/// a key was given twice.
/// </summary>
internal static class JsonScan
{
    /// <summary>Arrays and objects inside each other, the body's own included.</summary>
    public const int MaxDepth = 32;

    /// <summary>As deep as a text may be to be looked at in its own dialect; beyond that it's refused out of hand.</summary>
    private const int HardDepth = 1_000;

    /// <summary>For parsers that come after.</summary>
    public static JsonDocumentOptions Parsing { get; } = new() { MaxDepth = HardDepth };

    /// <summary>Returns the first fault of a body that is JSON all the same; null when there is none.</summary>
    /// <exception cref="RequestException">The body isn't JSON, or nested too deep; the field is where that shows.</exception>
    public static RequestException? Check(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = HardDepth });
        var path = new JsonPath();
        RequestException? fault = null;
        try
        {
            while (reader.Read())
                Step(ref reader, path, ref fault);
            return fault;
        }
        catch (JsonException e)
        {
            // In a list it's the next entry that can't be read.
            path.Value();
            throw new RequestException(RequestFault.Malformed, path.ToString(), $"The body is not valid JSON at {path}, byte {e.BytePositionInLine} of line {e.LineNumber + 1}.");
        }
    }

    private static void Step(ref Utf8JsonReader reader, JsonPath path, ref RequestException? fault)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                path.Value();
                path.Open(reader.TokenType == JsonTokenType.StartArray);
                if (path.Depth > MaxDepth)
                    fault ??= new RequestException(RequestFault.Malformed, path.ToString(), $"{path} is nested deeper than {MaxDepth} levels.");
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                path.Close();
                break;
            case JsonTokenType.PropertyName:
                if (ReadName(ref reader) is not { } name)
                    fault ??= new RequestException(RequestFault.Malformed, path.ToString(), $"{path} has a key that is not valid Unicode.");
                else if (!path.Name(name))
                    fault ??= RequestException.Breaks(path.ToString(), "is given twice");
                break;
            default:
                path.Value();
                break;
        }
    }

    /// <summary>Null when the name holds half a surrogate pair or bytes that aren't UTF-8.</summary>
    private static string? ReadName(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
