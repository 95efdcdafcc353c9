using System.Text.Json;

namespace ReasonRank.Service.Api.Reading;

/// <summary>A client's own name for a document: a string or a number, given back as it came.</summary>
internal sealed record DocumentId(string Text, bool IsNumber)
{
    public static DocumentId Read(JsonField field) => field.Value.ValueKind switch
    {
        JsonValueKind.String => new DocumentId(field.AsString(), false),
        JsonValueKind.Number => new DocumentId(field.Value.GetRawText(), true),
        _ => throw field.Breaks("must be a string or a number"),
    };

    public void Write(Utf8JsonWriter json)
    {
        json.WritePropertyName("id");
        if (IsNumber)
            json.WriteRawValue(Text, skipInputValidation: true);
        else
            json.WriteStringValue(Text);
    }
}
