using ReasonRank.Ranking;

namespace ReasonRank.Tests.Ranking;

public class PivotPartitionTests
{
    [Theory]
    [InlineData(80, 19, new[] { 16, 16, 16, 16, 16 })]
    [InlineData(5, 4, new[] { 2, 3 })]
    [InlineData(1, 19, new[] { 1 })]
    [InlineData(0, 19, new int[0])]
    public void Shares_are_few_and_even(int count, int most, int[] shares) => Assert.Equal(shares, PivotPartition.Shares(count, most));

    [Fact]
    public void The_head_gives_the_pivot_and_the_blocks_sort_around_it()
    {
        var partition = new PivotPartition([.. Enumerable.Range(0, 10)], size: 4);
        partition.TakeHead([3, 2, 1, 0]);

        Assert.Equal(2, partition.Pivot);
        Assert.Equal([[4, 5, 6], [7, 8, 9]], partition.Blocks);
        partition.TakeBlocks([[5, 2, 4, 6], [9, 7, 2, 8]]);

        Assert.Equal([3, 5, 9, 7], partition.Pool);
        Assert.Equal([3, 5, 9, 7, 2, 1, 4, 8, 0, 6], partition.Order);
        partition.TakePool([7, 9, 5, 3]);
        Assert.Equal([7, 9, 5, 3, 2, 1, 4, 8, 0, 6], partition.Order);
    }

    [Fact]
    public void Candidates_not_seen_yet_keep_their_order_at_the_end()
    {
        var partition = new PivotPartition([.. Enumerable.Range(0, 10)], size: 4);
        partition.TakeHead([3, 2, 1, 0]);
        partition.TakeBlocks([[5, 2, 4, 6]]);

        Assert.Equal([3, 5, 2, 1, 4, 0, 6, 7, 8, 9], partition.Order);
    }

    [Fact]
    public void A_pool_larger_than_a_window_is_cut_to_the_best_of_its_heats()
    {
        var partition = new PivotPartition([.. Enumerable.Range(0, 10)], size: 4);
        partition.TakeHead([0, 1, 2, 3]);
        partition.TakeBlocks([[4, 5, 6, 1], [7, 8, 9, 1]]);

        Assert.Equal([0, 4, 7, 5, 8, 6, 9], partition.Pool);
        Assert.Equal([[0, 7, 8, 9], [4, 5, 6]], partition.Heats);
        partition.TakeHeats([[9, 8, 7, 0], [6, 5, 4]]);

        Assert.Equal([9, 6, 8, 5], partition.Pool);
        Assert.Equal(3, partition.CutOff);
        Assert.Equal([9, 6, 8, 5, 7, 4, 0, 1, 2, 3], partition.Order);
    }

    [Fact]
    public void Nobody_is_ever_lost_or_doubled()
    {
        var random = new Random(5);
        for (var round = 0; round < 500; round++)
        {
            var candidates = Enumerable.Range(0, random.Next(2, 200)).ToArray();
            var partition = new PivotPartition(candidates, size: random.Next(2, 25));

            partition.TakeHead(Shuffled(partition.Head));
            Check();
            partition.TakeBlocks([.. partition.Blocks.Select(block => Shuffled([.. block, partition.Pivot]))]);
            Check();
            if (partition.Heats.Count > 1)
                partition.TakeHeats([.. partition.Heats.Select(Shuffled)]);
            Check();

            void Check() => Assert.Equal(candidates, partition.Order.Order());
        }

        int[] Shuffled(int[] items)
        {
            var copy = items.ToArray();
            random.Shuffle(copy);
            return copy;
        }
    }
}
