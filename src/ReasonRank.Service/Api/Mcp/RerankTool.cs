using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using ReasonRank.Ranking;
using ReasonRank.Service.Api.Dialects;
using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Api.Mcp;

/// <summary>Ranking as a tool for language models: it takes the fields of the native dialect, and gives its answer.</summary>
internal sealed class RerankTool(Serving serving, CallReader reader, ModelRules rules, TimeProvider time)
{
    private static readonly Tool Description = new()
    {
        Name = "rerank",
        Title = "Rerank documents",
        Description = "Ranks documents by how well they answer a query. A reasoning model reads them side by side. Give all candidates in one call: scores of two calls don't compare.",
        InputSchema = JsonElement.Parse("""
            {
              "type": "object",
              "properties": {
                "query": { "type": "string", "description": "What the documents are ranked for." },
                "documents": {
                  "type": "array",
                  "minItems": 1,
                  "description": "The candidates.",
                  "items": {
                    "anyOf": [
                      { "type": "string" },
                      { "type": "object", "properties": { "id": { "type": "string" }, "title": { "type": "string" }, "text": { "type": "string" } }, "required": ["text"] }
                    ]
                  }
                },
                "top_n": { "type": "integer", "description": "How many results to give; all if absent." },
                "return_documents": { "type": "boolean", "description": "Give the texts back with the results." },
                "return_reasoning": { "type": "string", "enum": ["none", "summary", "full"], "description": "How much of the model's reasoning to give." },
                "timeout_ms": { "type": "integer", "description": "Deadline; the best order so far is given when it comes." }
              },
              "required": ["query", "documents"]
            }
            """),
        Annotations = new ToolAnnotations { ReadOnlyHint = true, IdempotentHint = true, OpenWorldHint = false },
    };

    /// <summary>A server that offers the tool to one HTTP request.</summary>
    public McpServerOptions Serve(HttpContext context) => new()
    {
        ServerInfo = new Implementation { Name = "reasonrank", Version = ModelEndpoints.Version },
        ScopeRequests = false,
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [Description] }),
            CallToolHandler = (request, cancellationToken) => CallAsync(context, request, cancellationToken),
        },
    };

    private async ValueTask<CallToolResult> CallAsync(HttpContext context, RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        if (request.Params?.Name != Description.Name)
            throw new McpProtocolException("There is one tool: rerank.", McpErrorCode.InvalidParams);
        var record = RequestRecord.Of(context);
        record.Dialect = "mcp";
        // The end of the drain stops the ranking alone: the client is to hear of it.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, serving.DrainEnded);
        try
        {
            var exchange = new Exchange(context, DialectChoice.Default, Read(request.Params, record.Client), serving.Reranker, time.GetUtcNow());
            return Answer(exchange, await RankAsync(exchange, request, stop.Token));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && Problems.IsKnown(e))
        {
            // Told to the model, which may do better the next time.
            record.Problem = Problems.Of(e);
            return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = record.Problem.Message }] };
        }
    }

    private RerankCall Read(CallToolRequestParams asked, string client)
    {
        var fields = new JsonFields(JsonSerializer.SerializeToElement(asked.Arguments ?? new Dictionary<string, JsonElement>()));
        var call = DialectChoice.Default.Read(fields, reader);
        return rules.Apply(call with { Ranking = call.Ranking with { Client = client } }, DialectChoice.Default.ListKey, serving.Engine);
    }

    /// <summary>Tells of windows as they are done, to clients that want to know: it keeps them from giving up.</summary>
    private static async Task<RankingResult> RankAsync(Exchange exchange, RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        if (request.Params?.ProgressToken is not { } token)
            return await exchange.RankAsync(null, cancellationToken);
        var started = Channel.CreateUnbounded<RankingEvent.WindowStarted>();
        var ranking = WatchAsync(exchange, started.Writer, cancellationToken);
        await foreach (var window in started.Reader.ReadAllAsync(CancellationToken.None))
        {
            var progress = new ProgressNotificationValue { Progress = window.Window, Total = window.WindowsTotal, Message = $"Window {window.Window + 1} of {window.WindowsTotal}" };
            await request.Server.NotifyProgressAsync(token, progress, cancellationToken: cancellationToken);
        }

        return await ranking;
    }

    private static async Task<RankingResult> WatchAsync(Exchange exchange, ChannelWriter<RankingEvent.WindowStarted> started, CancellationToken cancellationToken)
    {
        try
        {
            return await exchange.RankAsync(
                happened =>
                {
                    if (happened is RankingEvent.WindowStarted window)
                        started.TryWrite(window);
                },
                cancellationToken);
        }
        finally
        {
            started.Complete();
        }
    }

    private static CallToolResult Answer(Exchange exchange, RankingResult result)
    {
        var answer = exchange.AnswerOf(result);
        var body = JsonAnswer.Body(json => exchange.Dialect.WriteAnswer(json, answer));
        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = Encoding.UTF8.GetString(body.Span) }],
            StructuredContent = JsonElement.Parse(body.Span),
        };
    }
}
