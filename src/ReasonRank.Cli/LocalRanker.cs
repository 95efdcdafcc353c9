using System.Text.Json;
using ReasonRank.Ranking;

namespace ReasonRank.Cli;

/// <summary>Ranks with a model in this process.</summary>
/// <param name="close">Stops the engine.</param>
internal sealed class LocalRanker(Reranker reranker, Func<ValueTask> close, IDisposable telemetry) : IRanker
{
    public async Task<JsonElement> RankAsync(RankJob job, CancellationToken cancellationToken)
    {
        var request = new RankingRequest
        {
            Query = job.Query,
            Candidates = [.. job.Documents.Select(document => new Candidate(document.Text, document.Title))],
            TopN = job.TopN is { } top ? Math.Min(top, job.Documents.Count) : null,
        };
        return Response(job, await reranker.RankAsync(request, watcher: null, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await close();
        telemetry.Dispose();
    }

    private static JsonElement Response(RankJob job, RankingResult result) => Json.Element(new
    {
        Object = "rerank",
        Model = result.ServedModel,
        Results = result.Order.Take(job.TopN ?? int.MaxValue).Select((index, place) => new
        {
            Index = index,
            job.Documents[index].Id,
            Rank = place + 1,
            RelevanceScore = RankScore.Linear(place + 1, result.Order.Count),
            Document = new { job.Documents[index].Text },
        }),
        result.Status,
        ScoreType = RankScore.Type,
        Reasoning = job.Reasoning
            ? result.Windows.Select(window => new
            {
                window.Window,
                Positions = new[] { window.Start, window.End },
                window.Text,
                window.Answer,
                window.Status,
                window.Finish,
                window.Tokens,
            })
            : null,
        Usage = new
        {
            result.Usage.PromptTokens,
            result.Usage.CompletionTokens,
            result.Usage.ReasoningTokens,
            TotalTokens = result.Usage.PromptTokens + result.Usage.CompletionTokens,
            result.Usage.DecodeSteps,
            result.Usage.ReasoningBudget,
        },
        Timings = new { TotalMs = Math.Round(result.Timings.Total.TotalMilliseconds, 1) },
        Meta = new { result.ServedModel, result.Profile, WindowsDone = result.Windows.Count, result.WindowsTotal },
        Warnings = result.Warnings.Count > 0 ? result.Warnings : null,
    });
}
