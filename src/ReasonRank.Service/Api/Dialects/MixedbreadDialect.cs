using System.Text.Json;
using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Api.Dialects;

/// <summary>Mixedbread: passages under "input", results under "data" with a score.</summary>
internal sealed class MixedbreadDialect : IDialect
{
    public string Name => "mixedbread";

    public string ListKey => "input";

    public bool TellsStatus => false;

    public RerankCall Read(JsonFields body, CallReader reader) => reader.Read(body, ListKey, "top_k", "top_n", "topN");

    public void WriteAnswer(Utf8JsonWriter json, Answer answer)
    {
        var count = 0;
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteString("model", answer.Model);
        json.WriteStartArray("data");
        foreach (var ranked in answer.Ranked)
        {
            WriteResult(json, answer, ranked);
            count++;
        }

        json.WriteEndArray();
        json.WriteNumber("top_k", count);
        json.WriteBoolean("return_input", answer.Call.ReturnDocuments);
        AnswerDetails.WriteUsage(json, answer.Result.Usage);
        json.WriteEndObject();
    }

    public void WriteHeaders(IHeaderDictionary headers, Answer answer) => StatusHeaders.Write(headers, answer);

    private static void WriteResult(Utf8JsonWriter json, Answer answer, RankedDocument ranked)
    {
        json.WriteStartObject();
        json.WriteNumber("index", ranked.Index);
        json.WriteScore("score", answer.ScoreOf(ranked));
        if (answer.Call.ReturnDocuments)
            json.WriteString("input", ranked.Document.Candidate.Text);
        json.WriteString("object", "rank_result");
        ranked.Document.Id?.Write(json);
        json.WriteEndObject();
    }
}
