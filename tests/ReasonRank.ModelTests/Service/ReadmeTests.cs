using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ReasonRank.TestSupport;

namespace ReasonRank.ModelTests.Service;

public sealed class ReadmeTests
{
    private static readonly string Readme = Checkout.Read("README.md");

    [Fact]
    public async Task The_request_in_the_readme_gets_the_results_in_the_readme()
    {
        await using var service = new ServiceProcess();
        using var client = await service.ReadyAsync();
        var body = Readme[(Readme.IndexOf("-d '", StringComparison.Ordinal) + 4)..Readme.IndexOf("}'", StringComparison.Ordinal)] + "}";
        using var request = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

        using var response = await client.PostAsync(new Uri("/rerank", UriKind.Relative), request);

        var answer = JsonElement.Parse(await response.Content.ReadAsByteArrayAsync());
        Assert.True(JsonElement.DeepEquals(Shown("results"), answer.GetProperty("results")), $"The README shows another answer than {answer}");
    }

    /// <summary>A list in the answer shown, which as a whole is shortened and no JSON.</summary>
    private static JsonElement Shown(string name)
    {
        var start = Readme.IndexOf('[', Readme.IndexOf($"\"{name}\": [", StringComparison.Ordinal));
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(Readme[start..]));
        return JsonElement.ParseValue(ref reader);
    }
}
