using System.Text.Json;

namespace ReasonRank.Cli;

/// <summary>Which documents an answer puts first, as places in the request from 0. Trusts no server to have them right.</summary>
internal static class RankedPlaces
{
    /// <returns>Distinct places below <paramref name="count"/>, best first; null where the answer holds anything else.</returns>
    public static int[]? Read(JsonElement answer, int count)
    {
        if (!answer.TryGetProperty("results", out var results) || results.ValueKind != JsonValueKind.Array)
            return null;
        var places = results.EnumerateArray().Select(Place).ToArray();
        return places.All(place => place >= 0 && place < count) && places.Distinct().Count() == places.Length ? places : null;
    }

    /// <summary>-1 where the result names none.</summary>
    private static int Place(JsonElement result) =>
        result.ValueKind == JsonValueKind.Object
        && result.TryGetProperty("index", out var index)
        && index.ValueKind == JsonValueKind.Number
        && index.TryGetInt32(out var place) ? place : -1;
}
