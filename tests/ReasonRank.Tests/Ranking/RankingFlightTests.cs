using ReasonRank.Ranking;

namespace ReasonRank.Tests.Ranking;

public class RankingFlightTests
{
    [Fact]
    public void Boarding_does_not_wait_for_the_run_to_be_made()
    {
        var flight = new RankingFlight("key", () => throw new InvalidOperationException("made"), since: 0);

        Assert.Equal("key", flight.Key);
        Assert.Throws<InvalidOperationException>(() => flight.Run);
    }
}
