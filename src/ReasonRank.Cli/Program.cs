using System.Text;

namespace ReasonRank.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        // Neither stream translates anything: a rendered prompt is bytes.
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var input = new StreamReader(Console.OpenStandardInput(), utf8);
        await using var output = new StreamWriter(Console.OpenStandardOutput(), utf8) { NewLine = "\n" };
        return await CommandLine.RunAsync(args, new Terminal(input, output, Console.Error), new Composition());
    }
}
