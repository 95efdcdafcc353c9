using ReasonRank.Ranking;

namespace ReasonRank.Service.Api;

/// <summary>Sends a ranking as one body.</summary>
internal static class PlainAnswer
{
    public static Task SendAsync(Exchange exchange, RankingResult result)
    {
        var (context, dialect) = (exchange.Context, exchange.Dialect);
        var answer = exchange.AnswerOf(result);
        dialect.WriteHeaders(context.Response.Headers, answer);
        return JsonAnswer.SendAsync(context.Response, StatusCodes.Status200OK, json => dialect.WriteAnswer(json, answer), context.RequestAborted);
    }
}
