using System.Text.Json;

namespace ReasonRank.Service.Api.Dialects;

/// <summary>
/// The error body of all dialects that have none of their own: the message stands wherever Cohere's (message), Jina's (detail) and OpenAI's
/// (error.message) clients look for it.
/// </summary>
internal static class ProblemBody
{
    public static void Write(Utf8JsonWriter json, Problem problem, string requestId)
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
}
