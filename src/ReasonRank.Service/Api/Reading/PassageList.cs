using System.Text.Json;
using ReasonRank.Ranking;

namespace ReasonRank.Service.Api.Reading;

/// <summary>Reads the list of passages: strings, or objects as the clients of many services write them.</summary>
internal static class PassageList
{
    private static readonly string[] TextKeys = ["text", "content", "page_content", "chunk_text", "passage", "doc", "body"];

    /// <summary>Reads the list that stands under a dialect's own key.</summary>
    public static IReadOnlyList<CallDocument> Read(JsonField list, JsonField? rankFields, int maxDocuments)
    {
        if (list.Value.ValueKind != JsonValueKind.Array)
            throw list.Breaks("must be a list");
        var count = list.Value.GetArrayLength();
        if (count == 0)
            throw new RequestException(RequestFault.Empty, list.Path, $"{list.Path} must not be empty.");
        if (count > maxDocuments)
            throw new RequestException(RequestFault.TooLarge, list.Path, $"{list.Path} must not have more than {maxDocuments} entries (Limits:MaxDocuments); it has {count}.");

        var fields = rankFields is { } given ? RankFields(given) : [];
        var documents = new List<CallDocument>(count);
        foreach (var item in list.Value.EnumerateArray())
            documents.Add(ReadOne(new JsonField(item, $"{list.Path}[{documents.Count}]"), fields));
        return documents;
    }

    private static CallDocument ReadOne(JsonField item, IReadOnlyList<string> rankFields) => item.Value.ValueKind switch
    {
        JsonValueKind.String => new CallDocument(new Candidate(item.AsString()), null),
        JsonValueKind.Object => ReadObject(item, rankFields),
        _ => throw item.Breaks("must be a string or an object with a text"),
    };

    private static CallDocument ReadObject(JsonField item, IReadOnlyList<string> rankFields)
    {
        var fields = new JsonFields(item.Value, item.Path);
        var id = fields.Find("id", "docid", "_id") is { } given ? DocumentId.Read(given) : null;
        var score = fields.Find("score")?.AsNumber();
        var joined = Join(fields, rankFields);
        if (joined.Length > 0)
            return new CallDocument(new Candidate(joined, Score: score), id);
        var title = fields.Find("title")?.AsString();
        if (fields.Find(TextKeys) is { } text)
            return new CallDocument(new Candidate(text.AsString(), title, score), id);
        if (!item.Value.EnumerateObject().Any())
            throw RequestException.Breaks($"{item.Path}.text", "is required");
        return new CallDocument(new Candidate(YamlText.Of(item), Score: score), id);
    }

    private static IReadOnlyList<string> RankFields(JsonField list)
    {
        if (list.Value.ValueKind != JsonValueKind.Array)
            throw list.Breaks("must be a list of strings");
        return [.. list.Value.EnumerateArray().Select((item, i) => new JsonField(item, $"{list.Path}[{i}]").AsString())];
    }

    private static string Join(JsonFields fields, IReadOnlyList<string> names)
    {
        var texts = new List<string>(names.Count);
        foreach (var name in names)
        {
            if (fields.Find(name) is { } field)
                texts.Add(field.Value.ValueKind == JsonValueKind.String ? field.AsString() : YamlText.Scalar(field));
        }

        return string.Join('\n', texts);
    }
}
