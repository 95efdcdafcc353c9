using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using ReasonRank.Service.Api.Dialects;

namespace ReasonRank.Service.Api.Auth;

/// <summary>Rankings a minute for each client, by ASP.NET Core's limiter.</summary>
internal static class RateLimits
{
    public const string Policy = "rankings";
    private const int Segments = 6;

    public static void Configure(RateLimiterOptions limiter, AuthOptions options)
    {
        limiter.AddPolicy(Policy, context => Partition(context, options.RequestsPerMinute));
        limiter.OnRejected = RefuseAsync;
    }

    private static RateLimitPartition<string> Partition(HttpContext context, int perMinute) => perMinute == 0
        ? RateLimitPartition.GetNoLimiter("")
        : RateLimitPartition.GetSlidingWindowLimiter(RequestRecord.Of(context).Client, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = perMinute,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = Segments,
        });

    private static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var told) ? told : TimeSpan.FromMinutes(1) / Segments;
        await ProblemAnswer.SendAsync(rejected.HttpContext, DialectChoice.Default, Problems.TooMany(wait));
    }
}
