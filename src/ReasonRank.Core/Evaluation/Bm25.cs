using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ReasonRank.Evaluation;

/// <summary>
/// Okapi BM25 as Lucene computes it, over lower-cased words without stemming or stop words: the baseline that a reranker has to beat.
/// Knows the words of the given queries only, so that a large corpus takes little memory.
/// </summary>
public sealed partial class Bm25
{
    private readonly double _k1;
    private readonly double _b;
    private readonly Dictionary<string, int> _terms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Document> _documents = new(StringComparer.Ordinal);
    private readonly int[] _documentFrequency;
    private long _length;

    /// <param name="queries">All queries that will be asked.</param>
    /// <param name="k1">How soon repetition of a word stops counting.</param>
    /// <param name="b">How much long documents are held back; 0 to 1.</param>
    public Bm25(IEnumerable<string> queries, double k1 = 0.9, double b = 0.4)
    {
        _k1 = k1;
        _b = b;
        foreach (var word in queries.SelectMany(Words))
            _terms.TryAdd(word, _terms.Count);
        _documentFrequency = new int[_terms.Count];
    }

    /// <summary>Adds a document of the corpus; false for one that is there already.</summary>
    public bool Add(string id, string text)
    {
        if (_documents.ContainsKey(id))
            return false;
        var length = 0;
        var frequencies = new Dictionary<int, int>();
        foreach (var word in Words(text))
        {
            length++;
            if (_terms.TryGetValue(word, out var term))
                CollectionsMarshal.GetValueRefOrAddDefault(frequencies, term, out _)++;
        }
        _documents.Add(id, new Document(length, frequencies));
        _length += length;
        foreach (var term in frequencies.Keys)
            _documentFrequency[term]++;
        return true;
    }

    /// <summary>The score of a document for one of the queries; 0 for an unknown document.</summary>
    public double Score(string query, string id)
    {
        if (!_documents.TryGetValue(id, out var document))
            return 0;
        var score = 0.0;
        var norm = _k1 * (1 - _b + (_b * document.Length * _documents.Count / Math.Max(_length, 1)));
        foreach (var word in Words(query))
        {
            if (_terms.TryGetValue(word, out var term) && document.Frequencies.TryGetValue(term, out var frequency))
                score += Rarity(_documentFrequency[term]) * frequency / (frequency + norm);
        }
        return score;
    }

    private double Rarity(int documentFrequency) =>
        Math.Log(1 + ((_documents.Count - documentFrequency + 0.5) / (documentFrequency + 0.5)));

    private static IEnumerable<string> Words(string text) => Word().Matches(text.ToLowerInvariant()).Select(match => match.Value);

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+")]
    private static partial Regex Word();

    private readonly record struct Document(int Length, Dictionary<int, int> Frequencies);
}
