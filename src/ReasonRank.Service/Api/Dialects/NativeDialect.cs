using System.Text.Json;
using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Api.Dialects;

/// <summary>Our own format, which contains those of Cohere (v1, v2), Jina, vLLM, infinity, LocalAI and Xinference.</summary>
internal sealed class NativeDialect : IDialect
{
    public string Name => "native";

    public string ListKey => "documents";

    public RerankCall Read(JsonFields body, CallReader reader) => reader.Read(body, ListKey, "top_n", "topN");

    public void WriteAnswer(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartObject();
        json.WriteString("id", answer.Id);
        json.WriteString("object", "rerank");
        WriteMembers(json, answer);
        json.WriteEndObject();
    }

    /// <summary>Everything but the id and the kind of object.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Answer answer)
    {
        json.WriteNumber("created", answer.Created.ToUnixTimeSeconds());
        json.WriteString("model", answer.Model);
        WriteResults(json, answer);
        AnswerDetails.WriteStatus(json, answer);
        AnswerDetails.WriteReasoning(json, answer);
        AnswerDetails.WriteUsage(json, answer.Result.Usage);
        AnswerDetails.WriteTimings(json, answer.Result.Timings);
        AnswerDetails.WriteMeta(json, answer.Result);
        AnswerDetails.WriteWarnings(json, answer);
        AnswerDetails.WriteEchoes(json, answer.Call.Echoes);
    }

    private static void WriteResults(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartArray("results");
        foreach (var ranked in answer.Ranked)
        {
            json.WriteStartObject();
            json.WriteNumber("index", ranked.Index);
            ranked.Document.Id?.Write(json);
            json.WriteNumber("rank", ranked.Rank);
            json.WriteScore("relevance_score", answer.ScoreOf(ranked));
            if (answer.Call.ReturnDocuments)
            {
                json.WriteStartObject("document");
                json.WriteString("text", ranked.Document.Candidate.Text);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
