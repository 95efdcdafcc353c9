using System.Globalization;
using ReasonRank.Engines;

namespace ReasonRank.Ranking;

/// <summary>What a request must keep to, and what is worth a warning. Fields go by their wire names.</summary>
internal static class RequestRules
{
    /// <exception cref="InvalidRequestException">The first rule broken.</exception>
    public static void Check(RankingRequest request, RankingOptions options)
    {
        var count = request.Candidates.Count;
        var size = request.WindowSize ?? options.WindowSize;
        Require(!string.IsNullOrWhiteSpace(request.Query), "query", "must not be blank");
        Require(count > 0, "documents", "must not be empty");
        Require(size is >= 2 and <= RankingOptions.LargestWindow, "window_size", $"must be between 2 and {RankingOptions.LargestWindow}");
        Require(request.Stride is null or >= 1, "stride", "must be at least 1");
        Require(request.Stride is null || request.Stride <= size, "stride", $"must not exceed window_size ({size})");
        Require(request.Passes >= 1 && request.Passes <= options.MaxPasses, "passes", $"must be between 1 and {options.MaxPasses}");
        Require(request.RankStart >= 0 && request.RankStart < count, "rank_start", $"must be between 0 and {count - 1}, the last document");
        Require(request.RankEnd is null || request.RankEnd > request.RankStart, "rank_end", $"must exceed rank_start ({request.RankStart})");
        Require(request.ReasoningBudget is null or >= 0, "reasoning_budget", "must not be negative");
        Require(request.MaxPassageTokens is null or >= 1, "max_tokens_per_doc", "must be at least 1");
        Require(request.Temperature is null or (>= 0 and <= 2), "temperature", "must be between 0 and 2");
        Require(request.TopP is null or (> 0 and <= 1), "top_p", "must be above 0 and at most 1");
        Require(request.TopK is null or >= 0, "top_k", "must not be negative");
        Require(
            request.Strategy is null || StrategyNames.All.Contains(request.Strategy), "strategy", $"must be one of: {string.Join(", ", StrategyNames.All)}");
        Require(request.Timeout is null || request.Timeout > TimeSpan.Zero, "timeout_ms", "must be at least 1");
    }

    public static IEnumerable<string> Warnings(RankingRequest request, RankingOptions options)
    {
        if (request.WindowSize > RankingOptions.TrainedWindow)
            yield return Text($"window_size {request.WindowSize} is out of the models' training distribution of at most {RankingOptions.TrainedWindow} passages.");
        if (request.Timeout > options.MaxTimeout)
            yield return Text($"timeout_ms was cut to the server's limit of {options.MaxTimeout.TotalMilliseconds:0}.");

        var blank = request.Candidates.Index()
            .Where(entry => string.IsNullOrWhiteSpace(entry.Item.Text) && string.IsNullOrWhiteSpace(entry.Item.Title))
            .Select(entry => entry.Index)
            .ToArray();
        if (blank.Length > 0)
            yield return Text($"{blank.Length} blank document(s) ranked by position: {string.Join(", ", blank.Take(10))}{(blank.Length > 10 ? ", …" : "")}.");
    }

    private static void Require(bool holds, string field, string rule)
    {
        if (!holds)
            throw new InvalidRequestException(field, $"{field} {rule}.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
