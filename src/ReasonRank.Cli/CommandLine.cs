using System.CommandLine;
using ReasonRank.Cli.Commands;
using ReasonRank.Engines;
using ReasonRank.Engines.Local;
using ReasonRank.LlamaCpp;
using ReasonRank.Ranking;

namespace ReasonRank.Cli;

/// <summary>The commands and what their ends mean: 0 done, 1 the work failed, 2 bad arguments.</summary>
internal static class CommandLine
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Misused = 2;

    public static async Task<int> RunAsync(string[] args, Terminal terminal, Composition composition)
    {
        var root = new RootCommand("ReasonRank: listwise reasoning reranking on llama.cpp.")
        {
            RerankCommand.Create(terminal, composition),
            RenderCommand.Create(terminal),
            ParseCommand.Create(terminal),
            WindowsCommand.Create(terminal),
            EvalCommand.Create(terminal, composition),
            DoctorCommand.Create(terminal),
        };
        // A query may well begin with an @, which would otherwise name a file of arguments.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        foreach (var error in parsed.Errors)
            await terminal.Error.WriteLineAsync(error.Message);
        if (parsed.Errors.Count > 0)
        {
            await terminal.Error.WriteLineAsync("Add --help to see what is possible.");
            return Misused;
        }
        return await InvokeAsync(parsed, terminal);
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, Terminal terminal)
    {
        try
        {
            var configuration = new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false };
            var code = await parsed.InvokeAsync(configuration);
            await terminal.Out.FlushAsync();
            return code;
        }
        catch (BadArgumentException misuse)
        {
            await terminal.Error.WriteLineAsync(misuse.Message);
            return Misused;
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            await terminal.Error.WriteLineAsync(failure.Message);
            return Failed;
        }
        catch (OperationCanceledException)
        {
            await terminal.Error.WriteLineAsync("Interrupted.");
            return Failed;
        }
    }

    /// <summary>Failures whose message says all there is to say; anything else is a bug and ends the process with its trace.</summary>
    private static bool IsExpected(Exception failure) => failure
        is EngineException or RankingException or ModelUnfitException
        or ModelLoadException or LlamaLibraryException
        or InvalidDataException or IOException or UnauthorizedAccessException or HttpRequestException;
}
