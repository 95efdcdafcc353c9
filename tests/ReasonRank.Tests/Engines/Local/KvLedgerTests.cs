using ReasonRank.Engines.Local;

namespace ReasonRank.Tests.Engines.Local;

public class KvLedgerTests
{
    [Fact]
    public void What_is_reserved_is_no_longer_free_until_it_is_released()
    {
        var ledger = new KvLedger(total: 100, ids: 2);
        var (one, other) = (new Prefix([]), new Prefix([]));

        ledger.Reserve(one, 60);
        ledger.Reserve(other, 40);

        Assert.Equal((100, 0, 0), (ledger.Reserved, ledger.Free, ledger.FreeIds));
        Assert.NotEqual(one.Id, other.Id);
        ledger.Release(one);
        Assert.Equal((40, 60, 1), (ledger.Reserved, ledger.Free, ledger.FreeIds));
        Assert.Equal((-1, 0), (one.Id, one.Cells));
    }

    [Fact]
    public void A_run_fits_when_there_are_cells_and_a_sequence_id_for_it()
    {
        var ledger = new KvLedger(total: 100, ids: 1);

        Assert.True(ledger.Fits(100));
        Assert.False(ledger.Fits(101));
        Assert.Throws<InvalidOperationException>(() => ledger.Reserve(new Prefix([]), 101));
        ledger.Reserve(new Prefix([]), 10);
        Assert.False(ledger.Fits(10));
    }

    [Fact]
    public void After_any_run_of_arrivals_and_departures_the_book_is_empty()
    {
        var random = new Random(11);
        var ledger = new KvLedger(total: 500, ids: 6);
        var held = new List<Prefix>();

        for (var i = 0; i < 5000; i++)
        {
            var cells = random.Next(1, 200);
            if (ledger.Fits(cells))
            {
                held.Add(new Prefix([]));
                ledger.Reserve(held[^1], cells);
            }
            else
            {
                var place = random.Next(held.Count);
                ledger.Release(held[place]);
                held.RemoveAt(place);
            }
            Assert.Equal(held.Sum(run => run.Cells), ledger.Reserved);
            Assert.Equal(held.Count, held.Select(run => run.Id).Distinct().Count());
            Assert.InRange(ledger.Reserved, 0, ledger.Total);
        }
        held.ForEach(ledger.Release);

        Assert.Equal((0, 6), (ledger.Reserved, ledger.FreeIds));
    }
}
