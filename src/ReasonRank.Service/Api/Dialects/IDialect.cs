using System.Text.Json;
using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Api.Dialects;

/// <summary>How a family of clients writes requests and wants to be answered. Stateless.</summary>
internal interface IDialect
{
    /// <summary>Its name in logs and in the header X-Rerank-Dialect.</summary>
    string Name { get; }

    /// <summary>The key of its list of passages.</summary>
    string ListKey { get; }

    /// <summary>Whether its body says how complete a ranking is; where it doesn't, only headers can.</summary>
    bool TellsStatus => true;

    /// <exception cref="RequestException">The request breaks a rule.</exception>
    RerankCall Read(JsonFields body, CallReader reader);

    void WriteAnswer(Utf8JsonWriter json, Answer answer);

    /// <summary>Headers for what the body has no room for.</summary>
    void WriteHeaders(IHeaderDictionary headers, Answer answer)
    {
    }

    /// <summary>The status that its clients expect for a problem.</summary>
    int StatusOf(Problem problem) => problem.Status;

    void WriteProblem(Utf8JsonWriter json, Problem problem, string requestId) => ProblemBody.Write(json, problem, requestId);
}
