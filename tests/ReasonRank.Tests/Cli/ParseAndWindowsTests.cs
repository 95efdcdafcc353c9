namespace ReasonRank.Tests.Cli;

public class ParseAndWindowsTests
{
    [Theory]
    [InlineData("<think>[9]</think>\n<answer>[2] > [3] > [1]</answer>", "safe", "{\"permutation\":[2,3,1],\"status\":\"ok\"}\n")]
    [InlineData("<think>[3] is best, [1]", "safe", "{\"permutation\":[1,2,3],\"status\":\"truncated\"}\n")]
    [InlineData("<think>[3] is best, [1]", "reference", "{\"permutation\":[3,1,2],\"status\":\"repaired\"}\n")]
    [InlineData("", "Safe", "{\"permutation\":[1,2,3],\"status\":\"fallback\"}\n")]
    public async Task Parse_prints_the_order_and_its_status(string response, string mode, string expected)
    {
        var run = await CliRun.RunAsync(response, "parse", "--passages", "3", "--mode", mode);

        Assert.Equal((0, expected, ""), (run.Code, run.Output, run.Errors));
    }

    [Fact]
    public async Task Windows_prints_the_schedule()
    {
        var run = await CliRun.RunAsync("", "windows", "--count", "30", "--size", "20", "--stride", "10", "--end", "25", "--passes", "2");

        Assert.Equal((0, "[[5,25],[0,15],[5,25],[0,15]]\n"), (run.Code, run.Output));
    }

    [Theory]
    [InlineData("windows --count 5 --size 3 --stride 4", "--stride")]
    [InlineData("windows --count 5 --size 0 --stride 1", "--size")]
    [InlineData("windows --count five --size 3 --stride 1", "--count")]
    [InlineData("windows --count 5 --stride 1", "--size")]
    [InlineData("parse", "--passages")]
    [InlineData("parse --passages 0", "--passages")]
    [InlineData("parse --passages 3 --mode strict", "strict")]
    [InlineData("render", "--model")]
    [InlineData("render --model no-such.gguf no-such.json", "no-such.json")]
    [InlineData("render --model no-such.gguf --profile llama", "llama")]
    [InlineData("rerank --query q --model a --url http://b", "--url")]
    [InlineData("rerank --query q --url ftp://b", "--url")]
    [InlineData("rerank --query q --top-n 0", "--top-n")]
    [InlineData("rerank --query q --threads 0", "--threads")]
    [InlineData("rerank --query q --model no-such.gguf no-such.txt", "no-such.txt")]
    [InlineData("eval", "--qrels")]
    [InlineData("sort", "sort")]
    [InlineData("", "command")]
    public async Task Bad_arguments_are_named_and_end_with_2(string arguments, string named)
    {
        var run = await CliRun.RunAsync("", arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(named, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_a_result()
    {
        var run = await CliRun.RunAsync("", "rerank", "--help");

        Assert.Equal(0, run.Code);
        Assert.Contains("--top-n", run.Output, StringComparison.Ordinal);
    }
}
