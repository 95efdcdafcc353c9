using System.Text.Json;
using ReasonRank.Engines;
using ReasonRank.Ranking;

namespace ReasonRank.Service.Api.Dialects;

/// <summary>The parts of an answer beside its results. An absent value has no key.</summary>
internal static class AnswerDetails
{
    public static string StatusOf(RankingStatus status) => status switch
    {
        RankingStatus.Complete => "complete",
        RankingStatus.Partial => "partial",
        _ => "fallback",
    };

    public static void WriteStatus(Utf8JsonWriter json, Answer answer)
    {
        json.WriteString("status", StatusOf(answer.Result.Status));
        json.WriteString("score_type", answer.Call.RawScores ? "rank_logit" : RankScore.Type);
    }

    public static void WriteReasoning(Utf8JsonWriter json, Answer answer)
    {
        if (answer.Call.Reasoning == ReasoningDetail.None)
            return;
        json.WriteStartArray("reasoning");
        foreach (var window in answer.Result.Windows)
            WriteWindow(json, window, answer.Call.Reasoning);
        json.WriteEndArray();
    }

    private static void WriteWindow(Utf8JsonWriter json, WindowTrace window, ReasoningDetail detail)
    {
        json.WriteStartObject();
        WriteWindowMembers(json, window, detail);
        json.WriteEndObject();
    }

    /// <summary>Its text only as far as it was asked for.</summary>
    public static void WriteWindowMembers(Utf8JsonWriter json, WindowTrace window, ReasoningDetail detail)
    {
        json.WriteNumber("window", window.Window);
        json.WriteStartArray("positions");
        json.WriteNumberValue(window.Start);
        json.WriteNumberValue(window.End);
        json.WriteEndArray();
        if (detail != ReasoningDetail.None)
            json.WriteString("text", detail == ReasoningDetail.Full ? window.Text : ReasoningSummary.Of(window.Text));
        json.WriteString("answer", window.Answer);
        json.WriteString("status", window.Status.ToString().ToLowerInvariant());
        json.WriteString("finish", FinishOf(window.Finish));
        json.WriteNumber("tokens", window.Tokens);
    }

    public static void WriteUsage(Utf8JsonWriter json, RankingUsage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", usage.PromptTokens);
        json.WriteNumber("completion_tokens", usage.CompletionTokens);
        json.WriteNumber("reasoning_tokens", usage.ReasoningTokens);
        json.WriteNumber("total_tokens", usage.PromptTokens + usage.CompletionTokens);
        json.WriteNumber("decode_steps", usage.DecodeSteps);
        json.WriteNumber("reasoning_budget", usage.ReasoningBudget);
        json.WriteEndObject();
    }

    public static void WriteTimings(Utf8JsonWriter json, RankingTimings timings)
    {
        json.WriteStartObject("timings");
        json.WriteNumber("queue_ms", Milliseconds(timings.Queue));
        json.WriteNumber("prefill_ms", Milliseconds(timings.Prefill));
        json.WriteNumber("decode_ms", Milliseconds(timings.Decode));
        json.WriteNumber("total_ms", Milliseconds(timings.Total));
        json.WriteEndObject();
    }

    /// <summary>What served and how far it came; then what Cohere's clients and LiteLLM look for.</summary>
    public static void WriteMeta(Utf8JsonWriter json, RankingResult result)
    {
        json.WriteStartObject("meta");
        json.WriteString("served_model", result.ServedModel);
        json.WriteString("profile", result.Profile);
        json.WriteNumber("windows_done", result.Windows.Count);
        json.WriteNumber("windows_total", result.WindowsTotal);
        json.WriteBoolean("cached", result.IsCached);
        json.WriteStartObject("api_version");
        json.WriteString("version", "2");
        json.WriteEndObject();
        json.WriteStartObject("billed_units");
        json.WriteNumber("search_units", 1);
        json.WriteNumber("total_tokens", result.Usage.PromptTokens + result.Usage.CompletionTokens);
        json.WriteEndObject();
        json.WriteStartObject("tokens");
        json.WriteNumber("input_tokens", result.Usage.PromptTokens);
        json.WriteNumber("output_tokens", result.Usage.CompletionTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteWarnings(Utf8JsonWriter json, Answer answer)
    {
        var warnings = answer.Warnings;
        if (warnings.Count == 0)
            return;
        json.WriteStartArray("warnings");
        foreach (var warning in warnings)
            json.WriteStringValue(warning);
        json.WriteEndArray();
    }

    public static void WriteEchoes(Utf8JsonWriter json, Echoes echoes)
    {
        if (echoes.User is not null)
            json.WriteString("user", echoes.User);
        if (echoes.RequestId is not null)
            json.WriteString("request_id", echoes.RequestId);
        if (echoes.QueryId is not null)
            json.WriteString("qid", echoes.QueryId);
    }

    /// <summary>To a tenth of a millisecond.</summary>
    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);

    private static string FinishOf(FinishReason finish) => finish switch
    {
        FinishReason.Stop => "stop",
        FinishReason.Budget => "budget",
        FinishReason.EarlyStop => "early_stop",
        FinishReason.Deadline => "deadline",
        _ => "length",
    };
}
