using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using ReasonRank.TestSupport;

namespace ReasonRank.Tests.Api;

/// <summary>Ten thousand bodies that no client would send on purpose. Seeded: a failure names the body's number, and the same number makes it again.</summary>
public sealed class MutatedBodyTests(MutatedBodyTests.TightService service) : IClassFixture<MutatedBodyTests.TightService>
{
    private const int Bodies = 10_000;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [Fact]
    public async Task No_body_makes_the_service_fail_or_hang_and_each_error_has_its_dialects_shape_and_names_the_field()
    {
        var statuses = new Dictionary<int, int>();
        for (var number = 0; number < Bodies; number++)
        {
            var (dialect, body) = MutatedBody.Make(number);
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/json");

            using var response = await service.Client.PostAsync("/rerank", content).WaitAsync(TestTimeouts.Patience);

            var status = (int)response.StatusCode;
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            if (status != 200)
                await AssertProblemAsync(number, dialect, body, response);
        }

        // The mutations do both: bodies that pass and bodies that fail in many ways.
        Assert.True(statuses[200] > 1_000);
        Assert.True(statuses[400] > 1_000);
        Assert.True(statuses[422] > 1_000);
        Assert.True(statuses[413] > 2);
    }

    private static async Task AssertProblemAsync(int number, string dialect, byte[] body, HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        var what = string.Create(CultureInfo.InvariantCulture, $"body {number} ({dialect}): {response.StatusCode} {text} for {Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 500)))}");
        Assert.True(response.StatusCode < HttpStatusCode.InternalServerError, what);
        using var problem = JsonDocument.Parse(text);
        if (problem.RootElement.TryGetProperty("error_type", out _))
        {
            Assert.True(problem.RootElement.GetProperty("error").GetString() is { Length: > 0 }, what);
            Assert.True(dialect == "texts", what);
            return;
        }

        var error = problem.RootElement.GetProperty("error");
        Assert.True(error.GetProperty("param").GetString() is { Length: > 0 }, what);
        Assert.Equal((int)response.StatusCode, error.GetProperty("code").GetInt32());
        Assert.Equal(problem.RootElement.GetProperty("message").GetString(), problem.RootElement.GetProperty("detail").GetString());
        // A body that still speaks TEI is answered in TEI's shape.
        Assert.False(SpeaksTei(body), what);
    }

    private static bool SpeaksTei(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(Strict.GetString(body));
            var root = json.RootElement;
            return root.ValueKind == JsonValueKind.Object && body.Length < 64 * 1024 && Has(root, "texts") && !Has(root, "documents") && !Has(root, "passages") && !Has(root, "input");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    private static bool Has(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A small limit, so that 5 MB are too much.</summary>
    public sealed class TightService() : ReadyService(("Limits:MaxDocuments", "50"), ("Limits:MaxBodyBytes", "4194304"));
}
