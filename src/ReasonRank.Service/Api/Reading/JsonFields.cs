using System.Text.Json;

namespace ReasonRank.Service.Api.Reading;

/// <summary>The fields of one JSON object. Null is absent; keys that nobody asks for are ignored.</summary>
internal readonly struct JsonFields(JsonElement value, string path = "")
{
    /// <summary>Whether the object has the key, with a value that isn't null.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>The field under the first of these keys that is there; null when none is.</summary>
    public JsonField? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (TryGet(value, name, out var found) && found.ValueKind != JsonValueKind.Null)
                return new JsonField(found, path.Length == 0 ? name : $"{path}.{name}");
        }

        return null;
    }

    private static bool TryGet(JsonElement value, string name, out JsonElement found)
    {
        try
        {
            return value.TryGetProperty(name, out found);
        }
        catch (InvalidOperationException)
        {
            // A key beside it isn't valid Unicode. That is refused, but in the dialect that the other keys speak.
            found = value.EnumerateObject().FirstOrDefault(property => IsNamed(property, name)).Value;
            return found.ValueKind != JsonValueKind.Undefined;
        }
    }

    private static bool IsNamed(JsonProperty property, string name)
    {
        try
        {
            return property.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
