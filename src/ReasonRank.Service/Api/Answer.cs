using ReasonRank.Ranking;

namespace ReasonRank.Service.Api;

/// <summary>A finished ranking, on its way into a dialect's body.</summary>
/// <param name="Id">The answer's own name: <c>rr-</c> and 32 hexadecimal digits.</param>
internal sealed record Answer(string Id, DateTimeOffset Created, RerankCall Call, RankingResult Result)
{
    /// <summary>Best first, as many as were asked for.</summary>
    public IEnumerable<RankedDocument> Ranked
    {
        get
        {
            var count = Result.Order.Count;
            for (var i = 0; i < Math.Min(Call.Ranking.TopN ?? count, count); i++)
                yield return new RankedDocument(Result.Order[i], i + 1, RankScore.Linear(i + 1, count), Call.Documents[Result.Order[i]]);
        }
    }

    /// <summary>As the client wants its scores.</summary>
    public double ScoreOf(RankedDocument ranked) => Call.RawScores ? Dialects.JsonScore.Logit(ranked.Score) : ranked.Score;

    /// <summary>The model to name: the client's word for it, else the one that served.</summary>
    public string Model => Call.Model ?? Result.ServedModel;

    public IReadOnlyList<string> Warnings => [.. Call.Warnings, .. Result.Warnings];
}

/// <summary>One line of the ranking.</summary>
/// <param name="Index">Its place in the request.</param>
/// <param name="Rank">From 1.</param>
/// <param name="Score">Ordinal, over all candidates before the cut to the top.</param>
internal sealed record RankedDocument(int Index, int Rank, double Score, CallDocument Document);
