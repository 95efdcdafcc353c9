using Microsoft.Extensions.Caching.Memory;

namespace ReasonRank.Ranking;

/// <summary>Keeps results by the key of their request, as many as fit. Thread-safe.</summary>
/// <param name="bytes">Room, roughly; 0 keeps nothing.</param>
internal sealed class ResultCache(long bytes) : IDisposable
{
    private const int Overhead = 1_024;
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = bytes });

    /// <summary>The kept result, said to be one and without times of its own; null when there is none.</summary>
    public RankingResult? Find(string key) => _cache.Get<RankingResult>(key) is { } kept ? Reused(kept) : null;

    public void Keep(string key, RankingResult result) => _cache.Set(key, result, new MemoryCacheEntryOptions { Size = Size(result) });

    /// <summary>A result as it is given to a request that it wasn't produced for.</summary>
    public static RankingResult Reused(RankingResult result) => result with { IsCached = true, Timings = new RankingTimings() };

    public void Dispose() => _cache.Dispose();

    private static long Size(RankingResult result) =>
        Overhead + (sizeof(int) * result.Order.Count) + result.Windows.Sum(window => Overhead / 4 + (sizeof(char) * (long)(window.Text.Length + window.Answer.Length)));
}
