using System.Text.RegularExpressions;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Documents;

public sealed partial class DocumentTests
{
    public static TheoryData<string> Documents =>
        [.. Directory.EnumerateFiles(Checkout.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(Checkout.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Checkout.Root, path))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_relative_link_leads_to_a_file(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Checkout.Root, document))!;

        var broken = RelativeLinks().Matches(Checkout.Read(document))
            .Select(match => match.Groups[1].Value)
            .Where(link => !Path.Exists(Path.Combine(folder, link)));

        Assert.Empty(broken);
    }

    [Fact]
    public void The_architecture_page_names_only_what_exists()
    {
        var files = Checkout.Sources("src").ToList();

        var unknown = SourceNames().Matches(Checkout.Read("docs/architecture.md"))
            .Select(match => match.Groups[1].Value)
            .Where(name => !files.Exists(file => Names(file, name)));

        Assert.Empty(unknown);
    }

    [Fact]
    public void The_architecture_page_stays_short() =>
        Assert.InRange(Checkout.Read("docs/architecture.md").Count(character => character == '\n'), 1, 80);

    [Fact]
    public void Every_benchmark_that_reports_has_its_place_in_the_performance_page()
    {
        var page = Checkout.Read("docs/performance.md");
        var reported = Checkout.Sources("benchmarks")
            .SelectMany(path => Reports().Matches(Checkout.Read(path)))
            .Select(match => match.Groups[1].Value)
            .ToList();

        Assert.NotEmpty(reported);
        Assert.All(reported, name => Assert.Matches($"<!-- {name} -->[^<]*<!-- /{name} -->", page));
    }

    /// <summary>A name is a file's, or a folder's, with as much of its path as it gives; projects go without their prefix.</summary>
    private static bool Names(string file, string name)
    {
        var path = "/" + file.Replace("src/ReasonRank.", "", StringComparison.Ordinal);
        return path.EndsWith($"/{name}.cs", StringComparison.Ordinal) || path.Contains($"/{name.TrimEnd('/')}/", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"PerformanceDocument\.Report\(\s*""(\w+)""")]
    private static partial Regex Reports();

    [GeneratedRegex(@"\]\((?!\w+:|#)([^)#\s]+)")]
    private static partial Regex RelativeLinks();

    // `LocalEngine`, `Core/Ranking/Reranker`, `Dialects/` or `Scheduler.Plan`; not `tests/...` or `src/...`.
    [GeneratedRegex(@"`([A-Z]\w+(?:/\w+)*)/?(?:\.[A-Z]\w+)?`")]
    private static partial Regex SourceNames();
}
