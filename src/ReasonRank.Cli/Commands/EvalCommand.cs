using System.CommandLine;
using System.Globalization;
using ReasonRank.Evaluation;

namespace ReasonRank.Cli.Commands;

/// <summary><c>eval</c>: what reranking does to a run, beside the order it was given and BM25's.</summary>
internal static class EvalCommand
{
    public static Command Create(Terminal terminal, Composition composition)
    {
        var queries = Required("--queries", "Queries: {_id, text} a line.");
        var corpus = Required("--corpus", "Documents: {_id, text, title} a line.");
        var run = Required("--run", "The first stage's run: qid Q0 docid rank score tag.");
        var qrels = Required("--qrels", "Judgments: qid iteration docid relevance.");
        var source = new RankerOptions();
        var top = new Option<int?>("--top-n") { Description = "Results asked of the reranker; the rest keep the order given." }.AtLeast(1);
        var parallel = new Option<int>("--parallel") { Description = "Queries ranked at once.", DefaultValueFactory = _ => 4 }.AtLeast(1);
        var output = new Option<string?>("--out") { Description = "Write the reranked run to this file." };
        var command = new Command("eval", "Print the quality of a run: as given, by BM25, and reranked where --model or --url says by what.")
        {
            queries, corpus, run, qrels, top, parallel, output,
        };
        source.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var judgments = Read(qrels, Judgments.Read);
            var given = Read(run, TrecRun.Read);
            var texts = Read(queries, reader => TextRecord.Read(reader).ToList());
            var collection = Read(corpus, reader => Collection.Read(given, texts, reader));
            Print("run", "queries", ["nDCG@1", "nDCG@5", "nDCG@10", "MRR", "Recall@10"]);
            Score("given", given);
            Score("bm25", collection.Bm25());
            if (!source.AreGiven(parsed))
                return;
            await using var ranker = source.Open(parsed, composition, terminal);
            var reranked = await collection.RerankAsync(ranker, parsed.GetValue(top), parsed.GetValue(parallel), cancellationToken);
            Score("reranked", reranked);
            if (parsed.GetValue(output) is { } path)
                await WriteAsync(reranked, path);

            T Read<T>(Option<string> option, Func<TextReader, T> read)
            {
                var path = parsed.GetRequiredValue(option);
                using var reader = terminal.Open(path);
                try
                {
                    return read(reader);
                }
                catch (InvalidDataException fault)
                {
                    throw new InvalidDataException($"{path}: {fault.Message}", fault);
                }
            }

            void Score(string name, TrecRun scored)
            {
                var quality = RunQuality.Of(scored, judgments);
                double[] means = [quality.Ndcg1, quality.Ndcg5, quality.Ndcg10, quality.ReciprocalRank, quality.Recall10];
                Print(name, quality.Queries.ToString(CultureInfo.InvariantCulture), means.Select(mean => mean.ToString("F4", CultureInfo.InvariantCulture)));
            }
        });
        return command;

        void Print(string name, string count, IEnumerable<string> values) =>
            terminal.Out.WriteLine($"{name,-9} {count,7} {string.Join(' ', values.Select(value => $"{value,9}"))}");

        static Option<string> Required(string name, string description) => new(name) { Required = true, Description = description };
    }

    private static async Task WriteAsync(TrecRun run, string path)
    {
        await using var writer = new StreamWriter(path);
        run.Write(writer, "reasonrank");
    }
}
