using System.Globalization;
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
    /// <param name="topKeys">The keys under which the number of results may stand; where top_k isn't among them, it's a sampling parameter.</param>
    /// <exception cref="RequestException">A field has the wrong type.</exception>
    public RerankCall Read(JsonFields body, string listKey, params ReadOnlySpan<string> topKeys)
    {
        var warnings = new List<string>();
        var query = ReadQuery(body, warnings);
        var list = body.Find(listKey) ?? throw RequestException.Breaks(listKey, "is required");
        var documents = PassageList.Read(list, body.Find("rank_fields"), limits.MaxDocuments);
        var reasoning = ReadReasoning(body.Find("return_reasoning"));
        var ranking = new RankingRequest
        {
            Query = query,
            Candidates = [.. documents.Select(document => document.Candidate)],
            TopN = ReadTopN(body.Find(topKeys), documents.Count),
            Timeout = ReadTimeout(body.Find("timeout_ms")),
            OnDeadline = body.Find("on_deadline")?.AsOneOf(("partial", DeadlinePolicy.Partial), ("error", DeadlinePolicy.Error)) ?? default,
            OnError = body.Find("on_error")?.AsOneOf(("error", FailurePolicy.Error), ("passthrough", FailurePolicy.Passthrough)) ?? default,
            Priority = body.Find("priority")?.AsInt32() ?? 0,
            UseCache = body.Find("cache")?.AsBoolean() ?? true,
        };
        ranking = ReadSampling(body, ReadWindows(body, ranking));
        return ReadTruncation(body, warnings, new RerankCall
        {
            Ranking = topKeys.Contains("top_k") ? ranking with { TopK = null } : ranking,
            Documents = documents,
            Model = body.Find("model")?.AsString(),
            Echoes = new Echoes(ReadEcho(body.Find("user")), ReadEcho(body.Find("request_id")), ReadQueryId(body)),
            ReturnDocuments = body.Find("return_documents", "return_text", "return_input")?.AsBoolean() ?? false,
            RawScores = body.Find("raw_scores")?.AsBoolean() ?? false,
            Reasoning = reasoning ?? ReasoningDetail.None,
            Stream = body.Find("stream")?.AsBoolean() ?? false,
            StreamReasoning = reasoning is null or ReasoningDetail.Full,
            Warnings = warnings,
        });
    }

    /// <summary>A deadline in milliseconds, from the body or from the header of <see cref="ReadTimeoutHeader"/>.</summary>
    private static TimeSpan? ReadTimeout(JsonField? field) => field?.AsInt32() is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    /// <summary>The deadline that a header asks for, where the body names none.</summary>
    public static RerankCall ReadTimeoutHeader(RerankCall call, string? header)
    {
        if (call.Ranking.Timeout is not null || string.IsNullOrEmpty(header))
            return call;
        if (!int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
            throw RequestException.Breaks("X-Request-Timeout-Ms", "must be a whole number");
        return call with { Ranking = call.Ranking with { Timeout = TimeSpan.FromMilliseconds(milliseconds) } };
    }

    /// <summary>Absent and anything below 1 mean all; more than there is means all.</summary>
    private static int? ReadTopN(JsonField? field, int count) =>
        field?.AsInteger() is { } n && n > 0 ? (int)Math.Min(n, count) : null;

    private string ReadQuery(JsonFields body, List<string> warnings)
    {
        var field = body.Find("query") ?? throw RequestException.Breaks("query", "is required");
        if (field.Value.ValueKind == JsonValueKind.Object)
            field = new JsonFields(field.Value, field.Path).Find("text") ?? throw RequestException.Breaks("query.text", "is required");
        var query = field.AsString();
        if (string.IsNullOrWhiteSpace(query))
            throw field.Breaks("must not be blank");
        var instruction = body.Find("instruction")?.AsString();
        if (string.IsNullOrWhiteSpace(instruction))
            return query;
        if (instruction.Length > limits.MaxInstructionLength)
        {
            instruction = instruction[..limits.MaxInstructionLength];
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"instruction was cut to {limits.MaxInstructionLength} characters (Limits:MaxInstructionLength)."));
        }

        return $"{query}\n{instruction}";
    }

    private static string? ReadQueryId(JsonFields body) =>
        body.Find("query") is { Value.ValueKind: JsonValueKind.Object } query ? ReadEcho(new JsonFields(query.Value, query.Path).Find("qid")) : null;

    /// <summary>What is only given back need not be more than given back: anything else than a string or a number is left out.</summary>
    private static string? ReadEcho(JsonField? field) => field switch
    {
        { Value.ValueKind: JsonValueKind.String } text => text.AsString(),
        { Value.ValueKind: JsonValueKind.Number } number => number.Value.GetRawText(),
        _ => null,
    };

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

    private static ReasoningDetail? ReadReasoning(JsonField? field) => field?.AsOneOf(
        ("full", ReasoningDetail.Full), ("summary", ReasoningDetail.Summary), ("none", ReasoningDetail.None),
        ("true", ReasoningDetail.Full), ("false", ReasoningDetail.None));

    /// <summary>What clients of other services say about long documents. Documents are cut at their end, whatever side is named.</summary>
    private static RerankCall ReadTruncation(JsonFields body, List<string> warnings, RerankCall call)
    {
        var side = body.Find("truncation_direction", "truncation_side")?.AsOneOf(("right", "right"), ("left", "left"));
        if (side == "left")
            warnings.Add("Long documents are cut at their end: cutting at the left is not supported.");
        var perPrompt = body.Find("truncate_prompt_tokens")?.AsInt32();
        return call with
        {
            Ranking = call.Ranking with { MaxPassageTokens = body.Find("max_tokens_per_doc")?.AsInt32() ?? (perPrompt > 0 ? perPrompt : null) },
            MaxQueryTokens = (int?)body.Find("max_tokens_per_query")?.AsInteger(1, int.MaxValue),
            ForbidsTruncation = body.Find("truncate", "truncation", "auto_truncate")?.AsOneOf(
                ("true", false), ("false", true), ("NONE", true), ("END", false), ("START", false)) ?? false,
        };
    }
}
