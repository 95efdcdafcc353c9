using System.Globalization;

namespace ReasonRank.Evaluation;

/// <summary>A run: for each query the documents retrieved, with their scores.</summary>
public sealed class TrecRun
{
    // trec_eval holds scores in single precision, which decides its ties.
    private readonly Dictionary<string, Dictionary<string, float>> _queries = new(StringComparer.Ordinal);

    /// <summary>The queries in order of first mention.</summary>
    public IReadOnlyCollection<string> Queries => _queries.Keys;

    /// <summary>Reads lines of <c>qid Q0 docid rank score tag</c>. The ranks written there are ignored, as trec_eval ignores them.</summary>
    /// <exception cref="InvalidDataException">A line isn't of that form, or ranks a document again; the message names it.</exception>
    public static TrecRun Read(TextReader reader)
    {
        var run = new TrecRun();
        foreach (var (number, columns) in TrecLines.Read(reader, "qid Q0 docid rank score tag"))
        {
            if (!float.TryParse(columns[4], NumberStyles.Float, CultureInfo.InvariantCulture, out var score) || float.IsNaN(score))
                throw TrecLines.Fault(number, $"has the score \"{columns[4]}\", which is no number");
            if (!run.TryAdd(columns[0], columns[2], score))
                throw TrecLines.Fault(number, $"ranks document {columns[2]} of query {columns[0]} again");
        }
        return run;
    }

    /// <summary>Adds a query's whole order, with scores that keep it: 1, 1/2, 1/3, ...</summary>
    /// <exception cref="ArgumentException">The query has one of these documents already.</exception>
    public void Add(string query, IEnumerable<string> order)
    {
        var rank = 0;
        foreach (var document in order)
        {
            if (!TryAdd(query, document, 1f / ++rank))
                throw new ArgumentException($"Document {document} of query {query} has a place already.", nameof(order));
        }
    }

    /// <summary>
    /// A query's documents, best first, as trec_eval orders them: by score, and equal scores by identifier from the last to the first.
    /// Empty for an unknown query.
    /// </summary>
    public IReadOnlyList<string> Order(string query)
    {
        if (!_queries.TryGetValue(query, out var documents))
            return [];
        return
        [
            .. documents
                .OrderByDescending(document => document.Value)
                .ThenByDescending(document => document.Key, StringComparer.Ordinal)
                .Select(document => document.Key),
        ];
    }

    /// <summary>Writes the run as it can be read again.</summary>
    /// <param name="tag">The name of the system, without white space.</param>
    public void Write(TextWriter writer, string tag)
    {
        foreach (var (query, documents) in _queries)
        {
            var rank = 0;
            foreach (var document in Order(query))
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{query} Q0 {document} {++rank} {documents[document]:R} {tag}\n"));
        }
    }

    private bool TryAdd(string query, string document, float score)
    {
        if (!_queries.TryGetValue(query, out var documents))
            _queries.Add(query, documents = new Dictionary<string, float>(StringComparer.Ordinal));
        return documents.TryAdd(document, score);
    }
}
