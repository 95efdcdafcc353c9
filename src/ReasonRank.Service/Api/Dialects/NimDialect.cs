using System.Text.Json;
using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Api.Dialects;

/// <summary>NVIDIA NIM: passages and query as objects, scores as logits, of which clients take the sigmoid.</summary>
internal sealed class NimDialect : IDialect
{
    public string Name => "nim";

    public string ListKey => "passages";

    public bool TellsStatus => false;

    public RerankCall Read(JsonFields body, CallReader reader) => reader.Read(body, ListKey, "top_n", "top_k", "topN");

    public void WriteAnswer(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartObject();
        json.WriteStartArray("rankings");
        foreach (var ranked in answer.Ranked)
        {
            json.WriteStartObject();
            json.WriteNumber("index", ranked.Index);
            json.WriteScore("logit", JsonScore.Logit(ranked.Score));
            ranked.Document.Id?.Write(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        AnswerDetails.WriteUsage(json, answer.Result.Usage);
        json.WriteEndObject();
    }

    public void WriteHeaders(IHeaderDictionary headers, Answer answer) => StatusHeaders.Write(headers, answer);
}
