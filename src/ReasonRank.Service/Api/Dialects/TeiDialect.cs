using System.Text.Json;
using ReasonRank.Ranking;
using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Api.Dialects;

/// <summary>Hugging Face's text-embeddings-inference: a bare array, times in headers, errors as a string with a type.</summary>
internal sealed class TeiDialect : IDialect
{
    public string Name => "tei";

    public string ListKey => "texts";

    public bool TellsStatus => false;

    public RerankCall Read(JsonFields body, CallReader reader) => reader.Read(body, ListKey, "top_n", "top_k", "topN");

    public void WriteAnswer(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartArray();
        foreach (var ranked in answer.Ranked)
        {
            json.WriteStartObject();
            json.WriteNumber("index", ranked.Index);
            json.WriteScore("score", answer.ScoreOf(ranked));
            if (answer.Call.ReturnDocuments)
                json.WriteString("text", ranked.Document.Candidate.Text);
            ranked.Document.Id?.Write(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public void WriteHeaders(IHeaderDictionary headers, Answer answer)
    {
        StatusHeaders.Write(headers, answer);
        var timings = answer.Result.Timings;
        var characters = answer.Call.Ranking.Query.Length + answer.Call.Documents.Sum(document => document.Candidate.Text.Length);
        headers["x-compute-type"] = "llama.cpp";
        headers["x-compute-time"] = Whole((timings.Prefill + timings.Decode).TotalMilliseconds);
        headers["x-compute-characters"] = Whole(characters);
        headers["x-compute-tokens"] = Whole(answer.Result.Usage.PromptTokens);
        headers["x-total-time"] = Whole(timings.Total.TotalMilliseconds);
        // Prompts are tokenized as the request goes along; nobody measures it apart.
        headers["x-tokenization-time"] = "0";
        headers["x-queue-time"] = Whole(timings.Queue.TotalMilliseconds);
        headers["x-inference-time"] = Whole((timings.Prefill + timings.Decode).TotalMilliseconds);
    }

    /// <summary>A failure of the model is 424 there.</summary>
    public int StatusOf(Problem problem) => problem.Status == StatusCodes.Status500InternalServerError ? StatusCodes.Status424FailedDependency : problem.Status;

    public void WriteProblem(Utf8JsonWriter json, Problem problem, string requestId)
    {
        json.WriteStartObject();
        json.WriteString("error", problem.Message);
        json.WriteString("error_type", TypeOf(problem.Status, problem.IsEmpty));
        json.WriteEndObject();
    }

    /// <summary>As TEI writes them on the wire, not as its documentation does.</summary>
    private static string TypeOf(int status, bool isEmpty) => status switch
    {
        _ when isEmpty => "Empty",
        StatusCodes.Status429TooManyRequests => "Overloaded",
        StatusCodes.Status503ServiceUnavailable => "Unhealthy",
        >= 500 => "Backend",
        _ => "Validation",
    };

    private static string Whole(double number) => ((long)number).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
