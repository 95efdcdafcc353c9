using System.Text.Json;
using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Api.Dialects;

/// <summary>Our own format, which contains those of Cohere (v1, v2), Jina, vLLM, infinity, LocalAI and Xinference.</summary>
internal sealed class NativeDialect : IDialect
{
    public string Name => "native";

    public string ListKey => "documents";

    public RerankCall Read(JsonFields body, CallReader reader) => reader.Read(body, ListKey);

    public void WriteAnswer(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartObject();
        json.WriteString("id", answer.Id);
        json.WriteString("object", "rerank");
        json.WriteNumber("created", answer.Created.ToUnixTimeSeconds());
        json.WriteString("model", answer.Model);
        WriteResults(json, answer);
        AnswerDetails.WriteStatus(json, answer);
        AnswerDetails.WriteReasoning(json, answer);
        AnswerDetails.WriteUsage(json, answer.Result.Usage);
        AnswerDetails.WriteTimings(json, answer.Result.Timings);
        AnswerDetails.WriteMeta(json, answer.Result);
        AnswerDetails.WriteWarnings(json, answer);
        json.WriteEndObject();
    }

    public void WriteProblem(Utf8JsonWriter json, Problem problem, string requestId)
    {
        json.WriteStartObject();
        json.WriteString("message", problem.Message);
        json.WriteString("detail", problem.Message);
        json.WriteStartObject("error");
        json.WriteString("message", problem.Message);
        json.WriteString("type", problem.Type);
        if (problem.Field is not null)
            json.WriteString("param", problem.Field);
        json.WriteNumber("code", problem.Status);
        json.WriteEndObject();
        json.WriteString("id", requestId);
        json.WriteEndObject();
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
            json.WriteScore("relevance_score", ranked.Score);
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
