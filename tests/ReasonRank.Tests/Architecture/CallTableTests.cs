using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Architecture;

public sealed class CallTableTests
{
    private static readonly CallTable Table = CallTable.Parse(Checkout.Read("docs/architecture.md"));

    private static readonly IReadOnlyList<(string Path, string Namespace, SourceText Text)> Files =
        [.. Checkout.Sources("src").Select(path => (path, NamespaceOf(path), new SourceText(Checkout.Read(path))))];

    private static readonly IReadOnlySet<string> Namespaces = Files.Select(file => file.Namespace).ToHashSet();

    [Fact]
    public void The_sources_name_only_what_the_table_allows()
    {
        var broken = Files.SelectMany(file => Violations(file.Path, file.Namespace, file.Text));

        Assert.Empty(broken);
    }

    [Fact]
    public void Namespaces_follow_folders()
    {
        var strayed = Files.Where(file => file.Text.Namespace != "" && file.Text.Namespace != file.Namespace).Select(file => file.Path);

        Assert.Empty(strayed);
    }

    [Fact]
    public void Every_row_of_the_table_is_a_folder_with_sources()
    {
        var folders = Files.Select(file => Table.TryFind(file.Namespace, out var folder) ? folder : "").ToHashSet();

        Assert.Empty(Table.Folders.Concat(Table.Named).Except(folders));
    }

    [Theory]
    [InlineData("using ReasonRank.Engines.Local;")]
    [InlineData("using static ReasonRank.Engines.Local.Scheduler;")]
    [InlineData("using Loop = ReasonRank.Engines.Local.Answers.AnswerState;")]
    [InlineData("namespace ReasonRank.Ranking;\nclass C { Engines.Local.LocalEngine? _engine; }")]
    [InlineData("namespace ReasonRank.Ranking;\nclass C { object o = new global::ReasonRank.LlamaCpp.LlamaCppOptions(); }")]
    public void A_ranking_that_names_the_engine_s_inside_or_the_runtime_is_caught(string source) =>
        Assert.Single(Violations("sample", "ReasonRank.Ranking", new SourceText(source)));

    [Theory]
    [InlineData("// using ReasonRank.Engines.Local;")]
    [InlineData("class C { string s = \"ReasonRank.Engines.Local\"; }")]
    [InlineData("using ReasonRank.Engines;\nusing ReasonRank.Prompting;\nusing System.Text;")]
    public void A_ranking_that_only_talks_of_them_is_not(string source) =>
        Assert.Empty(Violations("sample", "ReasonRank.Ranking", new SourceText(source)));

    private static IEnumerable<string> Violations(string path, string space, SourceText text)
    {
        if (!Table.TryFind(space, out var caller))
            return [$"{path}: its folder is not in the table"];
        return text.Named(Namespaces)
            .Select(named => Table.TryFind(named, out var callee) ? callee : named)
            .Where(callee => !Table.Allows(caller, callee))
            .Select(callee => $"{path}: {caller} must not name {callee}");
    }

    /// <summary>src/ReasonRank.Core holds the namespaces under ReasonRank, every other project those under its own name.</summary>
    private static string NamespaceOf(string path) =>
        path["src/".Length..path.LastIndexOf('/')].Replace("ReasonRank.Core", "ReasonRank", StringComparison.Ordinal).Replace('/', '.');
}
