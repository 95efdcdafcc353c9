using System.Text.Json;
using System.Text.RegularExpressions;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Documents;

public sealed partial class ApiDocumentTests
{
    private static readonly string Page = Checkout.Read("docs/api.md");
    private static readonly JsonElement Description = JsonDocument.Parse(Checkout.Read("src/ReasonRank.Service/Api/openapi.json")).RootElement;

    [Theory]
    [InlineData("Request", "RerankRequest")]
    [InlineData("Answer", "RerankResponse")]
    public void The_page_and_the_description_know_the_same_fields(string heading, string schema)
    {
        var described = Description.GetProperty("components").GetProperty("schemas").GetProperty(schema).GetProperty("properties")
            .EnumerateObject().Select(property => property.Name);

        Assert.Equal(described.Order(), Fields(heading).Order());
    }

    [Fact]
    public void The_page_and_the_description_know_the_same_statuses()
    {
        var described = Description.GetProperty("paths").GetProperty("/v1/rerank").GetProperty("post").GetProperty("responses")
            .EnumerateObject().Select(response => response.Name).Where(status => status != "200");
        var documented = Statuses().Matches(Section("Errors")).Select(match => match.Groups[1].Value);

        Assert.Equal(described.Order(), documented.Order());
    }

    private static IEnumerable<string> Fields(string heading) =>
        FirstCells().Matches(Section(heading)).SelectMany(match => match.Groups[1].Value.Split(", ").Select(name => name.Trim('`')));

    private static string Section(string heading)
    {
        var start = Page.IndexOf($"## {heading}\n", StringComparison.Ordinal);
        return Page[start..Page.IndexOf("\n## ", start + 1, StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"^\| (`\w+`(?:, `\w+`)*) \|", RegexOptions.Multiline)]
    private static partial Regex FirstCells();

    // A row of statuses that any path may answer ("404, 405") isn't part of the operation.
    [GeneratedRegex(@"^\| (\d{3}) \|", RegexOptions.Multiline)]
    private static partial Regex Statuses();
}
