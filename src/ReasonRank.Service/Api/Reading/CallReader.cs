using System.Text.Json;
using ReasonRank.Ranking;

namespace ReasonRank.Service.Api.Reading;

/// <summary>Reads the fields that all dialects share. What differs between them are keys, and those are accepted everywhere.</summary>
internal sealed class CallReader(LimitOptions limits)
{
    // Windows get no larger than the engine's answer language.
    private const int MaxWindow = 100;
    private const int MaxPasses = 10;
    private const int MaxTokens = 1_000_000;
    private const int ShownBlank = 5;
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromHours(24);

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
                MaxPassageTokens = ReadTokens(body),
                Timeout = ReadTimeout(body),
                OnDeadline = body.Find("on_deadline")?.AsOneOf(("partial", DeadlinePolicy.Partial), ("error", DeadlinePolicy.Error)) ?? default,
                OnError = body.Find("on_error")?.AsOneOf(("error", FailurePolicy.Error), ("passthrough", FailurePolicy.Passthrough)) ?? default,
                UseCache = body.Find("cache")?.AsBoolean() ?? true,
            })),
            Documents = documents,
            Model = body.Find("model")?.AsString(),
            ReturnDocuments = body.Find("return_documents", "return_text", "return_input")?.AsBoolean() ?? false,
            Reasoning = ReadReasoning(body.Find("return_reasoning")),
            Warnings = Blank(documents, listKey),
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

    private static RankingRequest ReadWindows(JsonFields body, RankingRequest request)
    {
        var count = request.Candidates.Count;
        var size = (int?)body.Find("window_size")?.AsInteger(2, MaxWindow);
        var stride = (int?)body.Find("stride")?.AsInteger(1, MaxWindow);
        if (stride > size)
            throw RequestException.Breaks("stride", "must not be larger than window_size");
        var start = (int?)body.Find("rank_start")?.AsInteger(0, count) ?? 0;
        return request with
        {
            WindowSize = size,
            Stride = stride,
            Passes = (int?)body.Find("passes")?.AsInteger(1, MaxPasses) ?? 1,
            RankStart = start,
            RankEnd = (int?)body.Find("rank_end")?.AsInteger(start, int.MaxValue) is { } end ? Math.Min(end, count) : null,
            Strategy = body.Find("strategy")?.AsString(),
            Constrain = body.Find("constrain")?.AsBoolean() ?? true,
        };
    }

    private static RankingRequest ReadSampling(JsonFields body, RankingRequest request) => request with
    {
        ReasoningBudget = (int?)body.Find("reasoning_budget")?.AsInteger(0, MaxTokens),
        Temperature = (float?)body.Find("temperature")?.AsNumber(0, 2),
        TopP = ReadTopP(body.Find("top_p")),
        TopK = (int?)body.Find("top_k")?.AsInteger(0, int.MaxValue),
        Seed = (uint?)body.Find("seed")?.AsInteger(0, uint.MaxValue),
    };

    private static float? ReadTopP(JsonField? field) => (float?)field?.AsNumber(0, 1) switch
    {
        0f => throw field.Value.Breaks("must be above 0"),
        var mass => mass,
    };

    private static int? ReadTokens(JsonFields body) => (int?)body.Find("max_tokens_per_doc")?.AsInteger(1, MaxTokens);

    private static TimeSpan? ReadTimeout(JsonFields body) =>
        body.Find("timeout_ms")?.AsInteger(1, (long)MaxTimeout.TotalMilliseconds) is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    private static ReasoningDetail ReadReasoning(JsonField? field) => field?.AsOneOf(
        ("full", ReasoningDetail.Full), ("summary", ReasoningDetail.Summary), ("none", ReasoningDetail.None),
        ("true", ReasoningDetail.Full), ("false", ReasoningDetail.None)) ?? ReasoningDetail.None;

    private static IReadOnlyList<string> Blank(IReadOnlyList<CallDocument> documents, string listKey)
    {
        var blank = documents.Index().Where(item => string.IsNullOrWhiteSpace(item.Item.Candidate.Text)).Select(item => $"{listKey}[{item.Index}]").ToList();
        if (blank.Count == 0)
            return [];
        var rest = blank.Count > ShownBlank ? $" and {blank.Count - ShownBlank} more" : "";
        return [$"Blank, and ranked all the same: {string.Join(", ", blank.Take(ShownBlank))}{rest}."];
    }
}
