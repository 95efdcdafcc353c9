using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ReasonRank.Service.Api;

/// <summary>Writes JSON bodies. They are served as JSON with nosniff, so characters outside ASCII stay readable.</summary>
internal static class JsonAnswer
{
    public const string MediaType = "application/json; charset=utf-8";

    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Sends what <paramref name="write"/> writes, with its length.</summary>
    public static async Task SendAsync(HttpResponse response, int status, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        var body = Body(write);
        response.StatusCode = status;
        response.ContentType = MediaType;
        response.ContentLength = body.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        await response.Body.WriteAsync(body, cancellationToken);
    }

    public static ReadOnlyMemory<byte> Body(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(4_096);
        using var json = new Utf8JsonWriter(bytes, WriterOptions);
        write(json);
        json.Flush();
        return bytes.WrittenMemory;
    }
}
