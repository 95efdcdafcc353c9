using System.CommandLine;

namespace ReasonRank.Cli.Commands;

/// <summary><c>rerank</c>: documents in, their ranking out.</summary>
internal static class RerankCommand
{
    public static Command Create(Terminal terminal, Composition composition)
    {
        var file = new Argument<string?>("FILE")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "Documents: JSON objects {id, text, title} or strings a line, or one passage a line; none or - is standard input.",
        };
        var query = new Option<string>("--query") { Required = true, Description = "What to rank the documents by." };
        var source = new RankerOptions();
        var top = new Option<int?>("--top-n") { Description = "Results to print; all by default." }.AtLeast(1);
        var reasoning = new Option<bool>("--reasoning") { Description = "Print the model's reasoning too." };
        var command = new Command("rerank", "Rank documents and print the ranking as JSON.") { file, query, top, reasoning };
        source.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var reader = terminal.Open(parsed.GetValue(file));
            if (string.IsNullOrWhiteSpace(parsed.GetValue(query)))
                throw new BadArgumentException("--query must not be blank.");
            var job = new RankJob(
                parsed.GetRequiredValue(query), InputDocuments.Read(reader), parsed.GetValue(top), parsed.GetValue(reasoning));
            await using var ranker = source.Open(parsed, composition, terminal);
            await terminal.Out.WriteLineAsync(Json.Write(await ranker.RankAsync(job, cancellationToken)));
        });
        return command;
    }
}
