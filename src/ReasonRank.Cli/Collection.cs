using ReasonRank.Evaluation;

namespace ReasonRank.Cli;

/// <summary>A run with the texts behind its identifiers.</summary>
internal sealed class Collection
{
    private readonly Dictionary<string, string> _queries;
    private readonly Dictionary<string, TextRecord> _documents;
    private readonly Bm25 _bm25;

    private Collection(TrecRun given, Dictionary<string, string> queries, Dictionary<string, TextRecord> documents, Bm25 bm25) =>
        (Given, _queries, _documents, _bm25) = (given, queries, documents, bm25);

    /// <summary>The run as the first stage left it.</summary>
    public TrecRun Given { get; }

    /// <summary>Reads a corpus once: all of it counts for BM25, but only the run's documents are kept.</summary>
    /// <exception cref="InvalidDataException">The run names a query or document that doesn't exist.</exception>
    public static Collection Read(TrecRun run, IReadOnlyList<TextRecord> queries, TextReader corpus)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var query in queries.Where(query => !texts.TryAdd(query.Id, query.Text)))
            throw new InvalidDataException($"The queries hold query {query.Id} again.");
        foreach (var query in run.Queries.Where(query => !texts.ContainsKey(query)))
            throw new InvalidDataException($"The run has the query {query}, the queries don't.");
        var wanted = run.Queries.SelectMany(run.Order).ToHashSet(StringComparer.Ordinal);
        var documents = new Dictionary<string, TextRecord>(StringComparer.Ordinal);
        var bm25 = new Bm25(run.Queries.Select(query => texts[query]));
        foreach (var document in TextRecord.Read(corpus))
        {
            if (!bm25.Add(document.Id, $"{document.Title} {document.Text}"))
                throw new InvalidDataException($"The corpus holds document {document.Id} again.");
            if (wanted.Contains(document.Id))
                documents.Add(document.Id, document);
        }
        foreach (var document in wanted.Where(document => !documents.ContainsKey(document)))
            throw new InvalidDataException($"The run has the document {document}, the corpus doesn't.");
        return new Collection(run, texts, documents, bm25);
    }

    /// <summary>The run's documents in BM25's order.</summary>
    public TrecRun Bm25()
    {
        var run = new TrecRun();
        foreach (var query in Given.Queries)
            run.Add(query, Given.Order(query).OrderByDescending(document => _bm25.Score(_queries[query], document)));
        return run;
    }

    /// <summary>The run's documents in a reranker's order; those beyond <paramref name="top"/> follow as given.</summary>
    public async Task<TrecRun> RerankAsync(IRanker ranker, int? top, int parallel, CancellationToken cancellationToken)
    {
        var queries = Given.Queries.ToArray();
        var orders = new IReadOnlyList<string>[queries.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, queries.Length, options, async (i, cancelled) =>
            orders[i] = await RerankAsync(ranker, queries[i], top, cancelled));
        var run = new TrecRun();
        for (var i = 0; i < queries.Length; i++)
            run.Add(queries[i], orders[i]);
        return run;
    }

    private async Task<IReadOnlyList<string>> RerankAsync(IRanker ranker, string query, int? top, CancellationToken cancellationToken)
    {
        var given = Given.Order(query);
        var documents = given.Select(id => new InputDocument(_documents[id].Text, _documents[id].Title)).ToArray();
        var response = await ranker.RankAsync(new RankJob(_queries[query], documents, top, Reasoning: false), cancellationToken);
        var first = RankedPlaces.Read(response, given.Count)
            ?? throw new InvalidDataException($"The answer for query {query} is no ranking of {given.Count} documents.");
        var ranked = first.Select(place => given[place]).ToArray();
        return [.. ranked, .. given.Except(ranked)];
    }
}
