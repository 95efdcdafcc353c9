using System.CommandLine;
using ReasonRank.Prompting;

namespace ReasonRank.Cli.Commands;

/// <summary><c>parse</c>: what an output says about a window's order.</summary>
internal static class ParseCommand
{
    public static Command Create(Terminal terminal)
    {
        var passages = new Option<int>("--passages") { Required = true, Description = "Passages in the window." }.AtLeast(1);
        var mode = new Option<ParseMode>("--mode") { Description = "safe (as served) or reference (as published).", DefaultValueFactory = _ => ParseMode.Safe };
        mode.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, "safe", "reference");
        var command = new Command("parse", "Read a model's output from standard input and print the order it gives.") { passages, mode };
        command.SetAction(parsed =>
        {
            var text = terminal.In.ReadToEnd();
            var answer = AnswerParser.Parse(
                text, parsed.GetValue(passages), AnswerParser.LooksCut(text), needed: null, parsed.GetValue(mode));
            terminal.Out.WriteLine(Json.Write(new
            {
                Permutation = answer.Permutation.Select(item => item + 1),
                answer.Status,
            }));
        });
        return command;
    }
}
