using System.Text.Json;
using ReasonRank.Ranking;

namespace ReasonRank.Service.Api.Reading;

/// <summary>
/// Reads the fields that all dialects share: what differs between them are keys, and those are accepted everywhere. It sees to types; the
/// ranking has the rules.
/// </summary>
internal sealed class CallReader(LimitOptions limits)
{
    /// <summary>Reads a request whose passages stand under <paramref name="listKey"/>.</summary>
    /// <exception cref="RequestException">A field breaks a rule.</exception>
    public RerankCall Read(JsonFields body, string listKey)
    {
        if (body.Find("stream")?.AsBoolean() is true)
            throw RequestException.Breaks("stream", "must be false: answers are not streamed");
        var query = ReadQuery(body);
        var list = body.Find(listKey) ?? throw RequestException.Breaks(listKey, "is required");
        var documents = PassageList.Read(list, body.Find("rank_fields"), limits.MaxDocuments);
        return new RerankCall
        {
            Ranking = ReadSampling(body, ReadWindows(body, new RankingRequest
            {
                Query = query,
                Candidates = [.. documents.Select(document => document.Candidate)],
                TopN = ReadTopN(body.Find("top_n", "topN"), documents.Count),
                MaxPassageTokens = body.Find("max_tokens_per_doc")?.AsInt32(),
                Timeout = ReadTimeout(body),
                OnDeadline = body.Find("on_deadline")?.AsOneOf(("partial", DeadlinePolicy.Partial), ("error", DeadlinePolicy.Error)) ?? default,
                OnError = body.Find("on_error")?.AsOneOf(("error", FailurePolicy.Error), ("passthrough", FailurePolicy.Passthrough)) ?? default,
                UseCache = body.Find("cache")?.AsBoolean() ?? true,
            })),
            Documents = documents,
            Model = body.Find("model")?.AsString(),
            ReturnDocuments = body.Find("return_documents", "return_text", "return_input")?.AsBoolean() ?? false,
            Reasoning = ReadReasoning(body.Find("return_reasoning")),
        };
    }

    /// <summary>Absent and anything below 1 mean all; more than there is means all.</summary>
    public static int? ReadTopN(JsonField? field, int count) =>
        field?.AsInteger() is { } n && n > 0 ? (int)Math.Min(n, count) : null;

    private static string ReadQuery(JsonFields body)
    {
        var field = body.Find("query") ?? throw RequestException.Breaks("query", "is required");
        if (field.Value.ValueKind == JsonValueKind.Object)
            field = new JsonFields(field.Value, field.Path).Find("text") ?? throw RequestException.Breaks("query.text", "is required");
        var query = field.AsString();
        return string.IsNullOrWhiteSpace(query) ? throw field.Breaks("must not be blank") : query;
    }

    private static RankingRequest ReadWindows(JsonFields body, RankingRequest request) => request with
    {
        WindowSize = body.Find("window_size")?.AsInt32(),
        Stride = body.Find("stride")?.AsInt32(),
        Passes = body.Find("passes")?.AsInt32() ?? 1,
        RankStart = body.Find("rank_start")?.AsInt32() ?? 0,
        RankEnd = body.Find("rank_end")?.AsInt32(),
        Strategy = body.Find("strategy")?.AsString(),
        Constrain = body.Find("constrain")?.AsBoolean() ?? true,
    };

    private static RankingRequest ReadSampling(JsonFields body, RankingRequest request) => request with
    {
        ReasoningBudget = body.Find("reasoning_budget")?.AsInt32(),
        Temperature = (float?)body.Find("temperature")?.AsNumber(),
        TopP = (float?)body.Find("top_p")?.AsNumber(),
        TopK = body.Find("top_k")?.AsInt32(),
        Seed = (uint?)body.Find("seed")?.AsInteger(0, uint.MaxValue),
    };

    private static TimeSpan? ReadTimeout(JsonFields body) =>
        body.Find("timeout_ms")?.AsInt32() is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    private static ReasoningDetail ReadReasoning(JsonField? field) => field?.AsOneOf(
        ("full", ReasoningDetail.Full), ("summary", ReasoningDetail.Summary), ("none", ReasoningDetail.None),
        ("true", ReasoningDetail.Full), ("false", ReasoningDetail.None)) ?? ReasoningDetail.None;
}
