using Microsoft.Extensions.Logging.Abstractions;
using ReasonRank.Diagnostics;
using ReasonRank.Prompting;
using ReasonRank.Ranking;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Ranking;

/// <summary>A reranker on a fake engine and a manual clock, with everything it reports at hand.</summary>
internal sealed class RankingScene : IDisposable
{
    public RankingScene(Action<RankingOptions>? configure = null, PromptProfile? profile = null)
    {
        configure?.Invoke(Options);
        Probe = new MetricProbe(Telemetry);
        Reranker = new Reranker(
            Engine, Options, profile ?? PromptProfile.ReasonRank, Telemetry, Clock, NullLogger<Reranker>.Instance);
    }

    public FakeEngine Engine { get; } = new();

    public ManualTimeProvider Clock { get; } = new();

    public RankingOptions Options { get; } = new();

    public ReasonRankTelemetry Telemetry { get; } = new();

    public MetricProbe Probe { get; }

    public Reranker Reranker { get; }

    /// <summary>Candidates whose numbers give them the places of a shuffled ranking, and that ranking.</summary>
    public static (RankingRequest Request, int[] Best) Shuffled(int count, int seed)
    {
        var numbers = Enumerable.Range(1, count).ToArray();
        new Random(seed).Shuffle(numbers);
        var best = Enumerable.Range(0, count).OrderByDescending(index => numbers[index]).ToArray();
        return (Request([.. numbers.Select(number => $"passage {number}")]), best);
    }

    public static RankingRequest Request(params IEnumerable<string> passages) =>
        new() { Query = "which number is largest", Candidates = [.. passages.Select(text => new Candidate(text))] };

    public Task<RankingResult> RankAsync(RankingRequest request, CancellationToken cancellationToken = default) =>
        Reranker.RankAsync(request, watcher: null, cancellationToken);

    public void Dispose()
    {
        Probe.Dispose();
        Telemetry.Dispose();
    }
}
