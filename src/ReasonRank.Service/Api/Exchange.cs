using ReasonRank.Ranking;
using ReasonRank.Service.Api.Dialects;

namespace ReasonRank.Service.Api;

/// <summary>A request that was read and may be ranked, with all that an answer to it needs.</summary>
/// <param name="Served">What ranks it.</param>
/// <param name="Now">When its answer counts as created.</param>
internal sealed record Exchange(HttpContext Context, IDialect Dialect, RerankCall Call, Reranker Served, DateTimeOffset Now)
{
    private RequestRecord Record => RequestRecord.Of(Context);

    /// <summary>Ranks, and keeps the result for the log.</summary>
    public async Task<RankingResult> RankAsync(Action<RankingEvent>? watcher, CancellationToken cancellationToken) =>
        Record.Result = await Served.RankAsync(Call.Ranking, watcher, cancellationToken);

    public Answer AnswerOf(RankingResult result) => new(Record.AnswerId, Now, Call, result);

    /// <summary>A problem in the client's words: the list of passages has another name in every dialect.</summary>
    public static Problem Translate(Problem problem, IDialect dialect) =>
        problem.Field is { } field && dialect.ListKey != "documents" && field.StartsWith("documents", StringComparison.Ordinal)
            ? problem with
            {
                Field = dialect.ListKey + field["documents".Length..],
                Message = problem.Message.Replace("documents", dialect.ListKey, StringComparison.Ordinal),
            }
            : problem;
}
