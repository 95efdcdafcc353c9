using System.Globalization;
using System.Text.Json;

namespace ReasonRank.Service.Api.Dialects;

/// <summary>Writes scores so that they are read as real numbers: 1.0, where JSON would do with 1 and some clients would make it an integer.</summary>
internal static class JsonScore
{
    /// <summary>Keeps logits finite.</summary>
    private const double Edge = 1e-6;

    /// <summary>The number whose sigmoid is the score.</summary>
    public static double Logit(double score)
    {
        var inside = Math.Clamp(score, Edge, 1 - Edge);
        return Math.Log(inside / (1 - inside));
    }

    public static void WriteScore(this Utf8JsonWriter json, string name, double score)
    {
        json.WritePropertyName(name);
        if (score == Math.Truncate(score))
            json.WriteRawValue(score.ToString("F1", CultureInfo.InvariantCulture), skipInputValidation: true);
        else
            json.WriteNumberValue(score);
    }
}
