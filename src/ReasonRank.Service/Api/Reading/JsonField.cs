using System.Globalization;
using System.Text.Json;

namespace ReasonRank.Service.Api.Reading;

/// <summary>
/// A value that is there, and where. Reads it as what the field is, leniently: numbers and booleans may come as strings.
/// Throws <see cref="RequestException"/> naming the field and the rule.
/// </summary>
internal readonly record struct JsonField(JsonElement Value, string Path)
{
    public string AsString()
    {
        if (Value.ValueKind != JsonValueKind.String)
            throw Breaks("must be a string");
        try
        {
            return Value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Breaks("holds characters that are not valid Unicode");
        }
    }

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>; <c>3.0</c> and <c>"3"</c> are 3.</summary>
    public long AsInteger(long min, long max)
    {
        var number = Whole();
        return number >= min && number <= max ? number.Value : throw Breaks(string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {min} to {max}"));
    }

    /// <summary>A whole number of any size that 64 bits hold.</summary>
    public long AsInteger() => Whole() ?? throw Breaks("must be a whole number");

    /// <summary>A whole number of 32 bits.</summary>
    public int AsInt32() => (int)AsInteger(int.MinValue, int.MaxValue);

    public double AsNumber() => Finite() ?? throw Breaks("must be a finite number");

    public bool AsBoolean() => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(AsString(), out var flag) => flag,
        _ => throw Breaks("must be true or false"),
    };

    /// <summary>One of a few words, in any case; "true" and "false" also as booleans.</summary>
    public T AsOneOf<T>(params ReadOnlySpan<(string Word, T Meaning)> words)
    {
        var given = Value.ValueKind switch
        {
            JsonValueKind.String => AsString(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null,
        };
        var accepted = new List<string>();
        foreach (var (word, meaning) in words)
        {
            if (word.Equals(given, StringComparison.OrdinalIgnoreCase))
                return meaning;
            accepted.Add($"\"{word}\"");
        }

        throw Breaks($"must be one of {string.Join(", ", accepted)}");
    }

    public RequestException Breaks(string rule) => RequestException.Breaks(Path, rule);

    private long? Whole()
    {
        if (Value.ValueKind == JsonValueKind.Number && Value.TryGetInt64(out var number))
            return number;
        if (Value.ValueKind == JsonValueKind.String && long.TryParse(AsString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
            return number;
        // Beyond 2^53 a double no longer tells whole numbers apart.
        return Finite() is { } real && Math.Abs(real) < 1L << 53 && Math.Truncate(real) == real ? (long)real : null;
    }

    private double? Finite()
    {
        double number;
        var isNumber = Value.ValueKind switch
        {
            JsonValueKind.Number => Value.TryGetDouble(out number),
            JsonValueKind.String => double.TryParse(AsString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number),
            _ => (number = double.NaN) is double.MaxValue,
        };
        return isNumber && double.IsFinite(number) ? number : null;
    }
}
