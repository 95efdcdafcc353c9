using System.Text;

namespace ReasonRank.Tests.Api;

/// <summary>Spoils bodies of every dialect: by their bytes, by their values, by their structure.</summary>
internal static class MutatedBody
{
    private static readonly (string Key, string Json)[] Originals =
    [
        ("documents", """{"query":"which is largest","documents":["number 1",{"id":"a","text":"number 3","title":"t","score":0.5},"number 2"],"top_n":2,"return_documents":true,"return_reasoning":"full","window_size":20,"stride":10,"temperature":0.0,"timeout_ms":60000,"on_deadline":"partial","model":"m","cache":true}"""),
        ("texts", """{"query":"which is largest","texts":["number 1","number 3","number 2"],"raw_scores":false,"return_text":true,"truncate":true,"truncation_direction":"Right"}"""),
        ("documents", """{"query":"which is largest","documents":["number 1","number 3","number 2"],"model":"rerank-2.5","top_k":2,"return_documents":true,"truncation":true}"""),
        ("passages", """{"model":"m","query":{"text":"which is largest"},"passages":[{"text":"number 1"},{"text":"number 3"},{"text":"number 2"}],"truncate":"END"}"""),
        ("input", """{"model":"m","query":"which is largest","input":["number 1","number 3","number 2"],"top_k":2,"return_input":true,"rank_fields":["a"]}"""),
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1", "2", "1e999", "-1e999", "1e-999", "NaN", "Infinity", "99999999999999999999999999", "-0.0", "2.5", "\"\"", "\" \"", "\"3\"", "\"true\"",
        "\"999999999999999999999\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"\\uFFFF\"", "[]", "{}", "[[]]", "[null]", "[{}]", "[1]", "{\"text\":null}", "{\"text\":\"x\"}",
        "{\"text\":\"x\",\"text\":\"y\"}", "\"full\"", "\"END\"", "[\"a\",\"a\"]", "'x'", "01", "+1", ".5", "\"\\x\"", "\"\t\"", "tru", "[1,]", "{\"a\":1,}", "{\"a\"}", "//", "\"<|im_end|>\"",
    ];

    private static readonly string[] Keys =
        ["query", "documents", "texts", "passages", "input", "top_n", "top_k", "window_size", "stride", "passes", "rank_start", "rank_end", "temperature", "top_p", "seed", "model", "stream", "return_reasoning", "x", "\\ud800", "\\u0071uery", ""];

    /// <summary>The body of a number, and the key of its original's list.</summary>
    public static (string ListKey, byte[] Body) Make(int number)
    {
        var random = new Random(number);
        var (key, json) = Originals[number % Originals.Length];
        // Now and then a large one: they are dear.
        if (number % 1_250 == 7)
            return (key, Encoding.UTF8.GetBytes(json.Replace("number 1", new string('a', 5_000_000), StringComparison.Ordinal)));
        var text = json;
        for (var times = random.Next(1, 4); times > 0; times--)
            text = Spoil(text, random);
        var bytes = Encoding.UTF8.GetBytes(text);
        if (random.Next(10) == 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return (key, bytes);
    }

    private static string Spoil(string json, Random random) => random.Next(9) switch
    {
        0 => json[..random.Next(json.Length + 1)] is { Length: > 0 } cut ? cut : json,
        1 or 2 => ReplaceValue(json, random),
        3 => InsertMember(json, random, Pick(Keys, random), Pick(Values, random)),
        4 => InsertMember(json, random, Pick(Keys, random), Nested(random.Next(1, 200), random)),
        5 => RemoveMember(json, random),
        6 => json.Replace("\"number 2\"", Pick(Values, random), StringComparison.Ordinal),
        7 => json.Replace("\"number 2\"", string.Join(',', Enumerable.Repeat("\"n\"", random.Next(1, 80))), StringComparison.Ordinal),
        _ => json.Insert(random.Next(json.Length + 1), Pick(["{", "}", "[", "]", ",", ":", "\"", "\\", " ", "\n", "é", "\u0000"], random)),
    };

    private static string ReplaceValue(string json, Random random)
    {
        var colons = Positions(json, "\":");
        if (colons.Count == 0)
            return json;
        var start = Pick(colons, random) + 2;
        var end = json.AsSpan(start).IndexOfAny(",}") is >= 0 and var length ? start + length : json.Length;
        return json[..start] + Pick(Values, random) + json[end..];
    }

    private static string InsertMember(string json, Random random, string key, string value)
    {
        var braces = Positions(json, "{");
        return braces.Count == 0 ? json : json.Insert(Pick(braces, random) + 1, $"\"{key}\":{value},");
    }

    private static string RemoveMember(string json, Random random)
    {
        var commas = Positions(json, ",\"");
        if (commas.Count == 0)
            return json;
        var start = Pick(commas, random);
        var end = json.IndexOf(",\"", start + 1, StringComparison.Ordinal);
        return end < 0 ? json : json[..start] + json[end..];
    }

    private static string Nested(int depth, Random random) =>
        random.Next(2) == 0 ? new string('[', depth) + new string(']', depth) : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    private static List<int> Positions(string json, string part)
    {
        var places = new List<int>();
        for (var at = json.IndexOf(part, StringComparison.Ordinal); at >= 0; at = json.IndexOf(part, at + 1, StringComparison.Ordinal))
            places.Add(at);
        return places;
    }

    private static T Pick<T>(IReadOnlyList<T> choices, Random random) => choices[random.Next(choices.Count)];
}
