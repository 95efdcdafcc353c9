using System.Text.Json;
using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Api.Dialects;

/// <summary>Voyage: top_k is the number of results, and these stand under "data" with the document as a plain string. The native members stay.</summary>
internal sealed class VoyageDialect : IDialect
{
    public string Name => "voyage";

    public string ListKey => "documents";

    public RerankCall Read(JsonFields body, CallReader reader) => reader.Read(body, ListKey, "top_k", "top_n", "topN");

    public void WriteAnswer(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartObject();
        json.WriteString("id", answer.Id);
        json.WriteString("object", "list");
        WriteData(json, answer);
        NativeDialect.WriteMembers(json, answer);
        json.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartArray("data");
        foreach (var ranked in answer.Ranked)
        {
            json.WriteStartObject();
            json.WriteNumber("index", ranked.Index);
            ranked.Document.Id?.Write(json);
            json.WriteScore("relevance_score", answer.ScoreOf(ranked));
            if (answer.Call.ReturnDocuments)
                json.WriteString("document", ranked.Document.Candidate.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
