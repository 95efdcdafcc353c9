using ReasonRank.Engines.Local;

namespace ReasonRank.Tests.Engines.Local;

public class TokenBatchTests
{
    [Fact]
    public void Rows_stand_in_columns_in_the_order_they_were_added()
    {
        var batch = new TokenBatch(capacity: 3);

        Assert.Equal(0, batch.Add(token: 7, position: 4, sequence: 1, wantsLogits: false));
        Assert.Equal(1, batch.Add(token: 8, position: 5, sequence: 1, wantsLogits: true));

        Assert.Equal([7, 8], batch.Tokens.ToArray());
        Assert.Equal([4, 5], batch.Positions.ToArray());
        Assert.Equal([1, 1], batch.Sequences.ToArray());
        Assert.Equal([0, 1], batch.WantsLogits.ToArray());
        Assert.Equal((2, 1, 3), (batch.Count, batch.Outputs, batch.Capacity));
    }

    [Fact]
    public void A_cleared_batch_takes_as_many_rows_again()
    {
        var batch = new TokenBatch(capacity: 1);
        batch.Add(1, 0, 0, wantsLogits: true);

        Assert.Throws<IndexOutOfRangeException>(() => batch.Add(2, 1, 0, wantsLogits: true));
        batch.Clear();
        batch.Add(2, 1, 0, wantsLogits: false);

        Assert.Equal((1, 0), (batch.Count, batch.Outputs));
        Assert.Equal([0], batch.WantsLogits.ToArray());
    }
}
