using System.Net;
using static ReasonRank.Tests.Api.ClientReplay;

namespace ReasonRank.Tests.Api;

/// <summary>The clients that aren't run here for lack of their language, replayed from what their sources send and read.</summary>
public sealed class ClientReplayTests(ReadyService service) : IClassFixture<ReadyService>
{
    private const string Passages = """[{"text":"the number is 1"},{"text":"the number is 3"},{"text":"the number is 2"}]""";

    public static TheoryData<ClientReplay> Replays =>
    [
        new ClientReplay("Cohere v2: LangChain, LlamaIndex, Haystack", "/v2/rerank", $$"""{"model":"rerank-v3.5","query":"q","documents":{{Numbers}},"top_n":3,"max_tokens_per_doc":4096}""", ReadBilledUnits),
        new ClientReplay("Cohere v1: Dify", "/v1/rerank", $$"""{"query":"q","documents":{{Numbers}},"model":"m","top_n":3,"return_documents":true}""", ReadDocuments),
        new ClientReplay("Cohere v1: RAGFlow", "/v1/rerank", $$"""{"query":"q","documents":{{Numbers}},"model":"m","top_n":3,"return_documents":false}""", ReadResults),
        new ClientReplay("Cohere v1 with fields", "/v1/rerank", $$"""{"query":"q","documents":{{Passages}},"model":"m","rank_fields":["text"],"max_chunks_per_doc":10}""", ReadResults) { Headers = ["Authorization: Bearer k", "X-Client-Name: app"] },
        new ClientReplay("Jina: LangChain, LlamaIndex", "/v1/rerank", $$"""{"query":"q","documents":{{Numbers}},"model":"jina-reranker-v1-base-en","top_n":3}""", ReadResults) { Headers = ["Authorization: Bearer k", "Accept-Encoding: identity"] },
        new ClientReplay("Jina: Haystack", "/v1/rerank", $$"""{"query":"q","documents":{{Numbers}},"model":"m","top_n":null}""", ReadModelAndUsage),
        new ClientReplay("vLLM: Haystack", "/v1/rerank", $$"""{"model":"m","query":"q","documents":{{Numbers}}}""", ReadModelAndUsage),
        new ClientReplay("vLLM: LiteLLM", "/rerank", $$"""{"model":"m","query":"q","documents":{{Numbers}},"top_n":3,"return_documents":true,"instruction":"by size","max_tokens_per_doc":512,"truncate_prompt_tokens":512,"truncation_side":"right","max_tokens_per_query":128}""", ReadDocuments),
        new ClientReplay("vLLM's own keys", "/v1/rerank", $$"""{"model":"m","query":"q","documents":{{Numbers}},"top_n":0,"truncate_prompt_tokens":-1,"use_activation":true,"priority":0,"user":"u"}""", ReadModelAndUsage),
        new ClientReplay("Cohere: LiteLLM", "/v1/rerank", $$"""{"model":"m","query":"q","documents":{{Numbers}},"top_n":3,"return_documents":true}""", ReadBilledUnits),
        new ClientReplay("infinity_client", "/rerank", $$"""{"query":"q","documents":{{Numbers}},"return_documents":false,"raw_scores":false,"model":"m","top_n":null}""", ReadModelAndUsage),
        new ClientReplay("Open WebUI", "/v1/rerank", $$"""{"model":"reranker","query":"q","documents":{{Numbers}},"top_n":3}""", ReadAll),
        new ClientReplay("OpenAI-compatible: Dify", "/rerank", $$"""{"model":"m","query":"q","documents":{{Numbers}},"top_n":0}""", ReadAll),
        new ClientReplay("LocalAI: Dify", "/rerank", $$"""{"model":"m","query":"q","documents":{{Numbers}},"top_n":null}""", ReadDocumentIfPresent) { Headers = ["Authorization: Bearer None"] },
        new ClientReplay("GPUStack: Dify", "/v1/rerank", $$"""{"model":"m","query":"q","documents":{{Numbers}},"top_n":3}""", ReadDocumentIfPresent),
        new ClientReplay("Xinference: Dify", "/v1/rerank", $$"""{"model":"m","query":"q","documents":{{Numbers}},"top_n":3,"return_documents":true,"return_len":false,"max_chunks_per_doc":null,"kwargs":"{}"}""", ReadDocuments),
        new ClientReplay("Xinference: RAGFlow", "/v1/rerank", $$"""{"model":"m","query":"q","return_documents":"true","return_len":"true","documents":{{Numbers}}}""", ReadDocuments),
        new ClientReplay("Ollama: Dify", "/api/rerank", $$"""{"model":"m","query":"q","documents":{{Numbers}},"top_n":3}""", ReadResults),
        new ClientReplay("SiliconFlow: RAGFlow", "/v1/rerank", $$"""{"model":"m","query":"q","documents":{{Numbers}},"top_n":3,"return_documents":false,"max_chunks_per_doc":1024,"overlap_tokens":80}""", ReadAll),
        new ClientReplay("MWS: RAGFlow", "/v2/rerank", $$"""{"model":"m","query":"q","documents":{{Numbers}},"top_n":3}""", ReadAll),
        new ClientReplay("rerankers' APIRanker", "/v1/rerank", $$"""{"model":"m","query":"q","documents":{{Numbers}},"top_n":3,"return_documents":true}""", ReadDocuments),
        new ClientReplay("TEI: Haystack", "/rerank", $$"""{"query":"q","texts":{{Numbers}},"raw_scores":false,"truncate":true,"truncation_direction":"Left"}""", ReadTei),
        new ClientReplay("TEI: LlamaIndex", "/rerank", $$"""{"query":"q","texts":{{Numbers}}}""", ReadTei) { Headers = ["Authorization: a-key-without-bearer"] },
        new ClientReplay("TEI: Dify", "/rerank", $$"""{"query":"q","texts":{{Numbers}},"return_text":true}""", ReadTeiTexts),
        new ClientReplay("TEI: RAGFlow", "/rerank", $$"""{"query":"q","texts":{{Numbers}},"raw_scores":false,"truncate":true}""", ReadTei),
        new ClientReplay("TEI: LiteLLM", "/rerank", $$"""{"raw_scores":false,"truncate":false,"truncation_direction":"Right","query":"q","texts":{{Numbers}},"return_text":true,"top_n":3}""", ReadTeiTexts),
        new ClientReplay("TEI at SageMaker", "/invocations", $$"""{"query":"q","texts":{{Numbers}}}""", ReadTei),
        new ClientReplay("llama-server", "/reranking", $$"""{"model":"m","query":"q","top_n":3,"documents":{{Numbers}}}""", ReadModelAndUsage),
        new ClientReplay("NIM: Haystack, LangChain, LiteLLM", "/v1/ranking", $$"""{"model":"m","query":{"text":"q"},"passages":{{Passages}},"truncate":"END"}""", ReadNim),
        new ClientReplay("NIM: RAGFlow", "/v1/reranking", $$"""{"model":"m","query":{"text":"q"},"passages":{{Passages}},"truncate":"END","top_n":3}""", ReadNim),
        new ClientReplay("Voyage: voyageai, Dify", "/v1/rerank", $$"""{"model":"rerank-2.5","query":"q","documents":{{Numbers}},"top_k":3,"return_documents":true,"truncation":true}""", ReadVoyage),
        new ClientReplay("Voyage: top_k null", "/v1/rerank", $$"""{"model":"rerank-2.5","query":"q","documents":{{Numbers}},"top_k":null,"truncation":true}""", ReadVoyage),
        new ClientReplay("Mixedbread: Vercel AI SDK, Dify", "/v1/reranking", $$"""{"model":"m","query":"q","input":{{Numbers}},"top_k":3,"return_input":true,"rewrite_query":false}""", ReadMixedbread),
        new ClientReplay("vllm-mlx with ids", "/v1/rerank", $$"""{"model":"m","query":"q","documents":["the number is 1",{"text":"the number is 3","id":"custom"}],"top_n":2,"return_documents":true}""", answer => Assert.Equal("custom", answer.GetProperty("results")[0].GetProperty("id").GetString())),
    ];

    [Theory]
    [MemberData(nameof(Replays), DisableDiscoveryEnumeration = true)]
    public async Task A_client_finds_what_it_reads(ClientReplay replay)
    {
        ArgumentNullException.ThrowIfNull(replay);

        using var response = await service.Client.SendAsync(replay.ToRequest());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        replay.Read(await response.ReadJsonAsync());
    }
}
