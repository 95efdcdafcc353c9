using System.Net;
using ReasonRank.Client;

namespace ReasonRank.Tests.Client;

public class RetryPolicyTests
{
    private static readonly ReasonRankClientOptions Options = new() { MaxAttempts = 4, MaxRetryWait = TimeSpan.FromSeconds(60) };

    [Theory]
    [InlineData(1, 0.0, 0.25)]
    [InlineData(1, 1.0, 0.5)]
    [InlineData(2, 0.0, 0.5)]
    [InlineData(3, 1.0, 2.0)]
    public void Without_a_word_of_the_service_waits_double(int attempt, double jitter, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Wait(HttpStatusCode.ServiceUnavailable, null, attempt, jitter));

    [Theory]
    [InlineData(8, 0.0, 8.0)]
    [InlineData(8, 1.0, 10.0)]
    [InlineData(0, 1.0, 0.0)]
    [InlineData(60, 1.0, 60.0)]
    public void A_service_that_names_a_time_is_never_asked_before_it(double told, double jitter, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Wait(HttpStatusCode.TooManyRequests, told, 1, jitter));

    [Fact]
    public void A_service_that_wants_too_long_a_rest_is_not_asked_again() =>
        Assert.Null(Wait(HttpStatusCode.TooManyRequests, 61, 1, 0));

    [Fact]
    public void The_last_attempt_is_the_last() =>
        Assert.Null(Wait(HttpStatusCode.TooManyRequests, 1, 4, 0));

    [Fact]
    public void Waits_stay_bounded_however_many_there_are() =>
        Assert.Equal(TimeSpan.FromSeconds(60), RetryPolicy.Wait(Failure(HttpStatusCode.TooManyRequests, null), 1_000, new ReasonRankClientOptions { MaxAttempts = 2_000 }, 1));

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.UnprocessableEntity)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    [InlineData(null)]
    public void Other_failures_are_final(HttpStatusCode? status) => Assert.Null(Wait(status, 1, 1, 0));

    private static TimeSpan? Wait(HttpStatusCode? status, double? told, int attempt, double jitter) =>
        RetryPolicy.Wait(Failure(status, told), attempt, Options, jitter);

    private static ReasonRankException Failure(HttpStatusCode? status, double? told) =>
        new("It failed.") { StatusCode = status, RetryAfter = told is { } seconds ? TimeSpan.FromSeconds(seconds) : null };
}
