using System.Globalization;
using ReasonRank.Evaluation;
using ReasonRank.Ranking;

namespace ReasonRank.Benchmarks;

/// <summary>
/// A made-up list as a first stage hands it over: candidates hold all, some or none of the query's words among others, and stand in the order of
/// BM25 over the first third of each, as if an index knew the abstracts alone.
/// </summary>
/// <param name="Gains">How many of the query's words a candidate holds.</param>
internal sealed record SearchedList(string Query, string[] Candidates, int[] Gains)
{
    private const int Length = 24;

    private static readonly string[] Words =
    [
        "python", "library", "image", "network", "server", "file", "text", "music", "data", "window", "system", "program", "game", "time",
        "web", "code", "tool", "user", "list", "test", "number", "language", "client", "package", "color", "font", "mail", "video",
    ];

    public static SearchedList Of(int seed, int count = 100)
    {
        var random = new Random(seed);
        var words = Words.ToArray();
        random.Shuffle(words);
        var (query, others) = (words[..3], words[3..]);
        var made = new List<(string Text, int Gain, string Abstract)>();
        for (var i = 0; i < count; i++)
        {
            var gain = 25 * i / count is var place && place < 1 ? 3 : place < 3 ? 2 : place < 9 ? 1 : 0;
            var text = query[..gain].Concat(Enumerable.Range(gain, Length - gain).Select(_ => others[random.Next(others.Length)])).ToArray();
            random.Shuffle(text);
            made.Add((string.Join(' ', text), gain, string.Join(' ', text[..(Length / 3)])));
        }
        var shuffled = made.ToArray();
        random.Shuffle(shuffled);

        var asked = string.Join(' ', query);
        var search = new Bm25([asked]);
        for (var i = 0; i < count; i++)
            search.Add(Name(i), shuffled[i].Abstract);
        var found = Enumerable.Range(0, count).OrderByDescending(i => search.Score(asked, Name(i))).Select(i => shuffled[i]).ToArray();
        return new SearchedList(asked, [.. found.Select(one => one.Text)], [.. found.Select(one => one.Gain)]);
    }

    public RankingRequest Request(int budget) => new()
    {
        Query = Query, Candidates = [.. Candidates.Select(text => new Candidate(text))], TopN = 10, ReasoningBudget = budget, UseCache = false,
    };

    /// <summary>nDCG@10 of an order of the candidates.</summary>
    public double Quality(IEnumerable<int> order) =>
        RankingQuality.Ndcg([.. order.Select(Name)], Enumerable.Range(0, Gains.Length).ToDictionary(Name, index => Gains[index]), 10);

    private static string Name(int index) => index.ToString(CultureInfo.InvariantCulture);
}
