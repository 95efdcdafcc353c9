using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace ReasonRank.Service.Api.Reading;

/// <summary>A request's JSON object, checked as a text but not yet as a request.</summary>
/// <param name="Fault">What is wrong with the text though it's JSON: told in the dialect that the body speaks.</param>
internal sealed record RequestBody(JsonDocument Document, RequestException? Fault) : IDisposable
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public JsonFields Fields => new(Document.RootElement);

    public void Dispose() => Document.Dispose();

    /// <summary>Reads and parses the body, at most <paramref name="maxBytes"/> of it.</summary>
    /// <exception cref="RequestException">It's too large, not JSON, or not an object.</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, long maxBytes, CancellationToken cancellationToken)
    {
        CheckMediaType(request);
        var bytes = await ReadBytesAsync(request.BodyReader, request.ContentLength, maxBytes, cancellationToken);
        return Parse(bytes);
    }

    private static RequestBody Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.StartsWith(ByteOrderMark))
            bytes = bytes[ByteOrderMark.Length..];
        if (bytes.IsEmpty)
            throw new RequestException(RequestFault.Malformed, "body", "The body is empty; it must be a JSON object.");
        var fault = JsonScan.Check(bytes.Span);
        var document = JsonDocument.Parse(bytes, JsonScan.Parsing);
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return new RequestBody(document, fault);
        document.Dispose();
        throw new RequestException(RequestFault.Malformed, "body", "The body must be a JSON object.");
    }

    private static void CheckMediaType(HttpRequest request)
    {
        if (!IsJson(request.ContentType))
            throw new RequestException(RequestFault.MediaType, "Content-Type", "Content-Type must be application/json in UTF-8.");
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            throw new RequestException(RequestFault.MediaType, "Content-Encoding", "Content-Encoding must be absent: compressed bodies are not read.");
    }

    private static bool IsJson(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType))
            return true;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
            return false;
        var isUtf8 = type.Charset.Length == 0 || type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase);
        return isUtf8 && (type.SubTypeWithoutSuffix == "json" || type.Suffix == "json");
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(PipeReader body, long? length, long maxBytes, CancellationToken cancellationToken)
    {
        if (length > maxBytes)
            throw TooLarge(maxBytes);
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (read.Buffer.Length > maxBytes)
            {
                // Kestrel discards what still comes; while this is held it can't, and would end the connection before the client sees the answer.
                body.AdvanceTo(read.Buffer.End);
                throw TooLarge(maxBytes);
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                body.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static RequestException TooLarge(long maxBytes) =>
        new(RequestFault.TooLarge, "body", $"The body must not be larger than {maxBytes} bytes (Limits:MaxBodyBytes).");
}
