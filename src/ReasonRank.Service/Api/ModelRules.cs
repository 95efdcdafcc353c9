using System.Globalization;
using ReasonRank.Engines;
using ReasonRank.Ranking;
using ReasonRank.Service.Api.Reading;

namespace ReasonRank.Service.Api;

/// <summary>What a request asks of the model that can be told only with the model at hand.</summary>
internal sealed class ModelRules(LimitOptions limits, RankingOptions ranking)
{
    /// <summary>Checks the call and cuts its query where it asked for that.</summary>
    /// <exception cref="RequestException">The configuration is strict and the call asks for something else.</exception>
    public RerankCall Apply(RerankCall call, string listKey, IGenerationEngine engine)
    {
        if (limits.StrictModel && call.Model is not null && call.Model != engine.Info.Model)
            throw RequestException.Breaks("model", $"must be \"{engine.Info.Model}\" or absent (Limits:StrictModel)");
        if (limits.StrictTruncation && call.ForbidsTruncation)
            CheckLengths(call, listKey, engine);
        if (call.MaxQueryTokens is not { } most)
            return call;
        var query = engine.Truncate(call.Ranking.Query, most);
        return string.IsNullOrWhiteSpace(query) ? call : call with { Ranking = call.Ranking with { Query = query } };
    }

    private void CheckLengths(RerankCall call, string listKey, ITokenCounter counter)
    {
        var most = call.Ranking.MaxPassageTokens ?? ranking.MaxPassageTokens;
        foreach (var (i, document) in call.Documents.Index())
        {
            var tokens = counter.CountTokens(document.Candidate.Text);
            if (tokens > most)
                throw RequestException.Breaks($"{listKey}[{i}]", string.Create(CultureInfo.InvariantCulture, $"has {tokens} tokens, which would be cut to {most}"));
        }
    }
}
