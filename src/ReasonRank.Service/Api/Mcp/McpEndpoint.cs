using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using ReasonRank.Service.Api.Auth;
using ReasonRank.Service.Api.Dialects;
using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Api.Mcp;

/// <summary>
/// The Model Context Protocol over HTTP. There are no sessions: each POST stands for itself, so any replica can answer it. The official SDK speaks
/// the protocol; this is what its package for ASP.NET Core would do around it.
/// </summary>
internal sealed class McpEndpoint(RerankTool tool, LimitOptions limits, ILoggerFactory loggers)
{
    public const string Path = "/mcp";
    private const string VersionHeader = "MCP-Protocol-Version";

    /// <summary>Those that begin with a handshake. Later ones ask more of the HTTP side; clients that speak them fall back when they are told.</summary>
    private static readonly IList<string> Versions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType = Type<JsonRpcMessage>();

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            using var body = await RequestBody.ReadAsync(context.Request, limits.MaxBodyBytes, context.RequestAborted);
            var message = Read(body);
            if (context.Request.Headers[VersionHeader].ToString() is { Length: > 0 } version && !Versions.Contains(version))
                await RefuseAsync(context, message, version);
            else
                await AnswerAsync(context, message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e) when (!context.Response.HasStarted && Problems.IsKnown(e))
        {
            await ProblemAnswer.SendAsync(context, DialectChoice.Default, Problems.Of(e));
        }
    }

    private static JsonRpcMessage Read(RequestBody body)
    {
        if (body.Fault is not null)
            throw body.Fault;
        try
        {
            return body.Document.RootElement.Deserialize(MessageType) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new RequestException(RequestFault.Malformed, "body", "The body must be a JSON-RPC message.");
        }
    }

    private async Task AnswerAsync(HttpContext context, JsonRpcMessage message)
    {
        await using var transport = new StreamableHttpServerTransport(loggers) { Stateless = true };
        await using var server = McpServer.Create(transport, tool.Serve(context), loggers, context.RequestServices);
        var running = server.RunAsync(context.RequestAborted);

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        if (!await TakeAsync(transport, message, context))
        {
            // A notification: there is nothing to answer.
            context.Response.ContentType = null;
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }

        await transport.DisposeAsync();
        await running;
    }

    private static async Task<bool> TakeAsync(StreamableHttpServerTransport transport, JsonRpcMessage message, HttpContext context)
    {
        try
        {
            return await transport.HandlePostRequestAsync(message, context.Response.Body, context.RequestAborted);
        }
        catch (JsonException) when (!context.Response.HasStarted)
        {
            // The transport reads the parameters of a handshake itself, before it begins to answer.
            throw new RequestException(RequestFault.Malformed, "params", "The params must be those of the method.");
        }
    }

    private static Task RefuseAsync(HttpContext context, JsonRpcMessage message, string version)
    {
        var error = new JsonRpcError
        {
            Id = message is JsonRpcRequest request ? request.Id : default,
            Error = new JsonRpcErrorDetail
            {
                Code = (int)McpErrorCode.UnsupportedProtocolVersion,
                Message = $"{VersionHeader} must be one of {string.Join(", ", Versions)}.",
                Data = JsonSerializer.SerializeToElement(new UnsupportedProtocolVersionErrorData { Supported = Versions, Requested = version }, Type<UnsupportedProtocolVersionErrorData>()),
            },
        };
        return JsonAnswer.SendAsync(context.Response, StatusCodes.Status400BadRequest, json => JsonSerializer.Serialize(json, error, Type<JsonRpcError>()), context.RequestAborted);
    }

    private static JsonTypeInfo<T> Type<T>() => (JsonTypeInfo<T>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T));
}

internal static class McpRoute
{
    public static void MapMcp(this IEndpointRouteBuilder routes) =>
        routes.MapPost(McpEndpoint.Path, (HttpContext context, McpEndpoint endpoint) => endpoint.HandleAsync(context)).RequireRateLimiting(RateLimits.Policy);
}
