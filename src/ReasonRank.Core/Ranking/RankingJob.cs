using ReasonRank.Engines;
using ReasonRank.Prompting;

namespace ReasonRank.Ranking;

/// <summary>A request with every open choice made: by the client, else by the configuration, else by the model's profile.</summary>
internal sealed record RankingJob
{
    public required RankingRequest Request { get; init; }

    public required PromptProfile Profile { get; init; }

    public required int TopN { get; init; }

    public required int ReasoningBudget { get; init; }

    public required int WindowSize { get; init; }

    public required int Stride { get; init; }

    public required int RankEnd { get; init; }

    public required int MaxPassageTokens { get; init; }

    public required Sampling Sampling { get; init; }

    public required string Strategy { get; init; }

    public required TimeSpan? Timeout { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public uint Seed { get; init; }

    /// <summary>Equal for two jobs when everything that decides the answer is equal, and the client.</summary>
    public string Key { get; init; } = "";

    public int Count => Request.Candidates.Count;

    public int RankStart => Request.RankStart;

    /// <summary>Makes the choices that the request leaves open.</summary>
    /// <param name="model">The served model's name.</param>
    /// <exception cref="InvalidRequestException">The request breaks a rule.</exception>
    public static RankingJob Resolve(RankingRequest request, RankingOptions options, PromptProfile profile, string model)
    {
        RequestRules.Check(request, options);
        var count = request.Candidates.Count;
        var size = request.WindowSize ?? options.WindowSize;
        var job = new RankingJob
        {
            Request = request,
            Profile = profile,
            TopN = request.TopN is > 0 and var topN ? Math.Min(topN, count) : count,
            ReasoningBudget = request.ReasoningBudget ?? options.ReasoningBudget ?? profile.ReasoningBudget,
            WindowSize = size,
            Stride = request.Stride ?? DefaultStride(size, options),
            RankEnd = Math.Min(request.RankEnd ?? count, count),
            MaxPassageTokens = request.MaxPassageTokens ?? options.MaxPassageTokens,
            Sampling = new Sampling(
                request.Temperature ?? profile.Sampling.Temperature,
                request.TopK ?? profile.Sampling.TopK,
                request.TopP ?? profile.Sampling.TopP),
            Strategy = request.Strategy ?? options.Strategy,
            Timeout = Shorter(request.Timeout, options.MaxTimeout) ?? options.DefaultTimeout,
            Warnings = [.. RequestRules.Warnings(request, options)],
        };
        return RequestFingerprint.Identify(job, model);
    }

    // A window that a request makes smaller than the configured stride overlaps by half, as the default window does.
    private static int DefaultStride(int size, RankingOptions options) => options.Stride <= size ? options.Stride : size / 2;

    private static TimeSpan? Shorter(TimeSpan? asked, TimeSpan limit) => asked > limit ? limit : asked;
}
