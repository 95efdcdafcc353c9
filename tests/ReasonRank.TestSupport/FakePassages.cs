using System.Globalization;
using System.Text.RegularExpressions;

namespace ReasonRank.TestSupport;

/// <summary>Reads the passages back out of a rendered window, and the orders a fake engine gives them.</summary>
internal static partial class FakePassages
{
    /// <summary>The passages of a user message in prompt order, without their identifiers.</summary>
    public static IReadOnlyList<string> Read(string user)
    {
        var passages = new List<string>();
        var end = user.LastIndexOf("\nSearch Query: ", StringComparison.Ordinal);
        var start = user.IndexOf("\n[1] ", StringComparison.Ordinal);
        while (start >= 0 && start < end)
        {
            var head = $"\n[{passages.Count + 1}] ".Length;
            var next = user.IndexOf($"\n[{passages.Count + 2}] ", start + 1, StringComparison.Ordinal);
            var stop = next < 0 || next > end ? end : next;
            passages.Add(stop < start + head ? "" : user[(start + head)..stop]);
            start = next;
        }

        return passages;
    }

    /// <summary>The largest first number in its text leads; a passage without a number counts as 0; ties keep their order.</summary>
    public static IReadOnlyList<int> ByNumber(IReadOnlyList<string> passages) =>
        [.. Enumerable.Range(1, passages.Count).OrderByDescending(id => NumberIn(passages[id - 1]))];

    /// <summary>An arbitrary order that depends on everything in the window: no order over all passages explains it.</summary>
    public static Func<IReadOnlyList<string>, IReadOnlyList<int>> ByWindow(int seed) => passages =>
    {
        var state = passages.SelectMany(text => text).Aggregate((uint)seed, (hash, letter) => (hash ^ letter) * 16777619);
        var ids = Enumerable.Range(1, passages.Count).ToArray();
        new Random((int)state).Shuffle(ids);
        return ids;
    };

    private static double NumberIn(string text) =>
        Number().Match(text) is { Success: true } match ? double.Parse(match.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"[0-9]+(\.[0-9]+)?")]
    private static partial Regex Number();
}
