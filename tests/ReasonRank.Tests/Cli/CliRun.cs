using System.Globalization;
using System.Text.Json;
using ReasonRank.Cli;

namespace ReasonRank.Tests.Cli;

/// <summary>One run of the command line in this process.</summary>
internal sealed record CliRun(int Code, string Output, string Errors)
{
    /// <summary>Standard output as JSON.</summary>
    public JsonElement Json => JsonElement.Parse(Output);

    public static Task<CliRun> RunAsync(string input, params string[] args) => RunAsync(new Composition(), input, args);

    public static async Task<CliRun> RunAsync(Composition composition, string input, params string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var code = await CommandLine.RunAsync(args, new Terminal(new StringReader(input), output, errors), composition);
        return new CliRun(code, output.ToString(), errors.ToString());
    }
}
