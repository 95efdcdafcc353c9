using System.CommandLine;
using ReasonRank.Ranking;

namespace ReasonRank.Cli.Commands;

/// <summary><c>windows</c>: which windows a sliding ranking works through.</summary>
internal static class WindowsCommand
{
    public static Command Create(Terminal terminal)
    {
        var count = new Option<int>("--count") { Required = true, Description = "Candidates." }.AtLeast(0);
        var size = new Option<int>("--size") { Required = true, Description = "Positions in a window." }.AtLeast(1);
        var stride = new Option<int>("--stride") { Required = true, Description = "Positions between two windows; at most the size." }.AtLeast(1);
        var start = new Option<int>("--start") { Description = "First position that is ranked." }.AtLeast(0);
        var end = new Option<int?>("--end") { Description = "End of what is ranked, exclusive; all by default." }.AtLeast(0);
        var passes = new Option<int>("--passes") { Description = "Times to work through it.", DefaultValueFactory = _ => 1 }.AtLeast(1);
        var command = new Command("windows", "Print the windows [start, end) in order of work.") { count, size, stride, start, end, passes };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(stride) > parsed.GetValue(size))
                throw new BadArgumentException("--stride must be at most --size: candidates between two windows would never be ranked.");
            var windows = WindowSchedule.Plan(
                parsed.GetValue(count), parsed.GetValue(size), parsed.GetValue(stride),
                parsed.GetValue(start), parsed.GetValue(end) ?? int.MaxValue, parsed.GetValue(passes));
            terminal.Out.WriteLine(Json.Write(windows.Select(window => new[] { window.Start, window.End })));
        });
        return command;
    }
}
