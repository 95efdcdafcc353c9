using System.Collections;

namespace ReasonRank.Prompting;

/// <summary>An order of the items 0..n-1 that holds each of them exactly once: there is no way to make an incomplete one.</summary>
public sealed class Permutation : IReadOnlyList<int>
{
    private readonly int[] _order;

    private Permutation(int[] order) => _order = order;

    public int Count => _order.Length;

    /// <summary>The item at a rank; rank 0 is the best.</summary>
    public int this[int rank] => _order[rank];

    /// <summary>The items in the order they have.</summary>
    public static Permutation Identity(int count) => new([.. Enumerable.Range(0, count)]);

    /// <summary>
    /// The order that <paramref name="items"/> give: the first mention of an item counts, unknown items don't, and those not mentioned
    /// follow in the order they have.
    /// </summary>
    public static Permutation Complete(IEnumerable<int> items, int count)
    {
        var order = new int[count];
        var isPlaced = new bool[count];
        var next = 0;
        foreach (var item in items)
        {
            if ((uint)item < (uint)count && !isPlaced[item])
            {
                isPlaced[item] = true;
                order[next++] = item;
            }
        }
        for (var item = 0; item < count; item++)
        {
            if (!isPlaced[item])
                order[next++] = item;
        }
        return new Permutation(order);
    }

    /// <summary>Reorders a window in place.</summary>
    /// <param name="items">As many items as the permutation has.</param>
    public void Apply<T>(Span<T> items)
    {
        if (items.Length != Count)
            throw new ArgumentException($"A permutation of {Count} can't order {items.Length} items.", nameof(items));
        var before = items.ToArray();
        for (var rank = 0; rank < Count; rank++)
            items[rank] = before[_order[rank]];
    }

    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_order).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _order.GetEnumerator();
}
