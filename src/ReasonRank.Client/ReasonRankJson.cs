using System.Text.Json.Serialization;

namespace ReasonRank.Client;

/// <summary>The service's JSON: snake_case, absent instead of null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(RerankRequest))]
[JsonSerializable(typeof(RerankResponse))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(RerankEvent.Queued))]
[JsonSerializable(typeof(RerankEvent.WindowStarted))]
[JsonSerializable(typeof(RerankEvent.ReasoningDelta))]
[JsonSerializable(typeof(OrderBody))]
internal sealed partial class ReasonRankJson : JsonSerializerContext;
