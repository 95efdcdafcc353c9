using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ReasonRank.Service.Api.Reading;

/// <summary>
/// A passage's object as a text a model can read, one "key: value" a line: what Cohere advises for structured data. Values that aren't
/// one-line strings are written as JSON, which YAML contains.
/// </summary>
internal static class YamlText
{
    public static string Of(JsonField item)
    {
        var text = new StringBuilder();
        foreach (var property in item.Value.EnumerateObject())
            text.Append(property.Name).Append(": ").Append(Scalar(new JsonField(property.Value, $"{item.Path}.{property.Name}"))).Append('\n');
        return text.ToString(0, text.Length - 1);
    }

    /// <summary>The value on one line.</summary>
    public static string Scalar(JsonField value) =>
        value.Value.ValueKind == JsonValueKind.String && value.AsString() is var text && !text.Contains('\n') ? text : Json(value);

    private static string Json(JsonField value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, JsonAnswer.WriterOptions);
        try
        {
            // Written anew, so that \u escapes become the characters they stand for.
            value.Value.WriteTo(json);
        }
        catch (InvalidOperationException)
        {
            throw value.Breaks("holds characters that are not valid Unicode");
        }

        json.Flush();
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
