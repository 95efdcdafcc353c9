using System.Globalization;
using System.Text.Json;

namespace ReasonRank.Service.Api.Dialects;

/// <summary>Writes scores so that they are read as real numbers: 1.0, where JSON would do with 1 and some clients would make it an integer.</summary>
internal static class JsonScore
{
    public static void WriteScore(this Utf8JsonWriter json, string name, double score)
    {
        json.WritePropertyName(name);
        if (score == Math.Truncate(score))
            json.WriteRawValue(score.ToString("F1", CultureInfo.InvariantCulture), skipInputValidation: true);
        else
            json.WriteNumberValue(score);
    }
}
