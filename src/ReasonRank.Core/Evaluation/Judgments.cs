using System.Globalization;

namespace ReasonRank.Evaluation;

/// <summary>Which documents are relevant to which query, and how much (qrels).</summary>
public sealed class Judgments
{
    private static readonly Dictionary<string, int> None = [];

    private readonly Dictionary<string, Dictionary<string, int>> _queries = new(StringComparer.Ordinal);

    /// <summary>The judged queries.</summary>
    public IReadOnlyCollection<string> Queries => _queries.Keys;

    /// <summary>Reads lines of <c>qid iteration docid relevance</c>.</summary>
    /// <exception cref="InvalidDataException">A line isn't of that form, or judges a document again; the message names it.</exception>
    public static Judgments Read(TextReader reader)
    {
        var judgments = new Judgments();
        foreach (var (number, columns) in TrecLines.Read(reader, "qid iteration docid relevance"))
        {
            if (!int.TryParse(columns[3], NumberStyles.Integer, CultureInfo.InvariantCulture, out var relevance))
                throw TrecLines.Fault(number, $"has the relevance \"{columns[3]}\", which is no whole number");
            if (!judgments.Add(columns[0], columns[2], relevance))
                throw TrecLines.Fault(number, $"judges document {columns[2]} of query {columns[0]} again");
        }
        return judgments;
    }

    /// <summary>The judged documents of a query; empty for an unknown one. A relevance of 1 or more is relevant.</summary>
    public IReadOnlyDictionary<string, int> For(string query) => _queries.GetValueOrDefault(query, None);

    private bool Add(string query, string document, int relevance)
    {
        if (!_queries.TryGetValue(query, out var documents))
            _queries.Add(query, documents = new Dictionary<string, int>(StringComparer.Ordinal));
        return documents.TryAdd(document, relevance);
    }
}
