using System.Text.Json;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Documents;

public sealed class ThirdPartyNoticesTests
{
    private static readonly string Notices = Checkout.Read("THIRD-PARTY-NOTICES.md");

    [Theory]
    [InlineData("src/ReasonRank.Service")]
    [InlineData("src/ReasonRank.Cli")]
    public void Every_package_in_a_program_s_lock_file_is_named_with_its_version(string project)
    {
        using var document = JsonDocument.Parse(Checkout.Read($"{project}/packages.lock.json"));
        var missing = document.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.GetProperty("type").GetString() != "Project")
            .Select(package => (package.Name, Version: package.Value.GetProperty("resolved").GetString()))
            .Where(package => package.Name != "Microsoft.CodeAnalysis.BannedApiAnalyzers") // checks the build; nothing of it is published
            .Where(package => !Notices.Contains($"| {package.Name} | {package.Version} |", StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("native/package.json")]
    [InlineData("native/cuda/package.json")]
    public void Every_package_of_shared_libraries_is_named_with_its_version(string file)
    {
        using var document = JsonDocument.Parse(Checkout.Read(file));
        var missing = document.RootElement.GetProperty("optionalDependencies").EnumerateObject()
            .Where(package => !Notices.Contains($"| {package.Name} | {package.Value.GetString()} |", StringComparison.Ordinal))
            .Select(package => package.Name);

        Assert.Empty(missing);
    }
}
