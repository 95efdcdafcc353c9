using System.Text.Json;
using ReasonRank.Engines;

namespace ReasonRank.Service.Api;

/// <summary>What is served, in the shapes that clients look for: TEI's /info and OpenAI's list of models.</summary>
internal static class ModelEndpoints
{
    public static readonly string Version = typeof(ModelEndpoints).Assembly.GetName().Version!.ToString(3);

    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/info", InfoAsync);
        routes.MapGet("/v1/models", ListAsync);
        routes.MapGet("/models", ListAsync);
        routes.MapGet("/v1/models/{**id}", OneAsync);
    }

    private static Task InfoAsync(HttpContext context, Serving serving, LimitOptions limits) =>
        SendAsync(context, serving, (json, engine) => WriteInfo(json, engine, serving.Profile, limits));

    private static Task ListAsync(HttpContext context, Serving serving) => SendAsync(context, serving, (json, engine) =>
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        WriteModel(json, engine.Model);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Any name is answered for: requests may name any model, too.</summary>
    private static Task OneAsync(HttpContext context, Serving serving, string id) =>
        SendAsync(context, serving, (json, _) => WriteModel(json, id));

    private static Task SendAsync(HttpContext context, Serving serving, Action<Utf8JsonWriter, EngineInfo> write)
    {
        try
        {
            var engine = serving.Engine.Info;
            return JsonAnswer.SendAsync(context.Response, StatusCodes.Status200OK, json => write(json, engine), context.RequestAborted);
        }
        catch (EngineUnavailableException e)
        {
            return ProblemAnswer.SendAsync(context, Dialects.DialectChoice.Default, Problems.Of(e));
        }
    }

    private static void WriteModel(Utf8JsonWriter json, string id)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("object", "model");
        json.WriteNumber("created", 0);
        json.WriteString("owned_by", "reasonrank");
        // Xinference's clients look for this.
        json.WriteString("model_type", "rerank");
        json.WriteEndObject();
    }

    private static void WriteInfo(Utf8JsonWriter json, EngineInfo engine, string profile, LimitOptions limits)
    {
        json.WriteStartObject();
        json.WriteString("model_id", engine.Model);
        json.WriteString("served_model_name", engine.Model);
        WriteModelType(json);
        json.WriteNumber("max_concurrent_requests", engine.Parallel);
        json.WriteNumber("max_input_length", engine.ContextTokens);
        json.WriteNumber("max_batch_tokens", engine.PoolCells);
        json.WriteNumber("max_batch_requests", engine.Parallel);
        json.WriteNumber("max_client_batch_size", limits.MaxDocuments);
        json.WriteBoolean("auto_truncate", true);
        json.WriteNumber("tokenization_workers", Environment.ProcessorCount);
        json.WriteString("version", Version);
        json.WriteString("profile", profile);
        json.WriteString("architecture", engine.Architecture);
        json.WriteNumber("context_tokens", engine.ContextTokens);
        json.WriteNumber("parallel", engine.Parallel);
        json.WriteNumber("pool_cells", engine.PoolCells);
        json.WriteNumber("max_body_bytes", limits.MaxBodyBytes);
        json.WriteString("runtime", engine.Runtime);
        json.WriteEndObject();
    }

    /// <summary>TEI's clients read the first key of model_type and want "reranker".</summary>
    private static void WriteModelType(Utf8JsonWriter json)
    {
        json.WriteStartObject("model_type");
        json.WriteStartObject("reranker");
        json.WriteStartObject("id2label");
        json.WriteString("0", "LABEL_0");
        json.WriteEndObject();
        json.WriteStartObject("label2id");
        json.WriteNumber("LABEL_0", 0);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
