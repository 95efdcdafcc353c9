using ReasonRank.Prompting;

namespace ReasonRank.Tests.Prompting;

public class PermutationTests
{
    [Fact]
    public void Whatever_is_given_is_completed()
    {
        Assert.Equal([2, 0, 1, 3], Permutation.Complete([2, 2, -1, 0, 9], 4));
        Assert.Equal([0, 1, 2], Permutation.Complete([], 3));
        Assert.Empty(Permutation.Complete([1], 0));
    }

    [Fact]
    public void Applying_reorders_a_window_in_place()
    {
        string[] items = ["a", "b", "c", "d"];

        Permutation.Complete([2, 0], 3).Apply(items.AsSpan(1));

        Assert.Equal(["a", "d", "b", "c"], items);
    }

    [Fact]
    public void A_window_of_another_size_is_refused() =>
        Assert.Throws<ArgumentException>(() => Permutation.Identity(3).Apply<int>([1, 2]));
}
