using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ReasonRank.Service.Api.Auth;
using ReasonRank.Service.Hosting;

namespace ReasonRank.Tests.Api;

public sealed class AuthTests
{
    private const string Body = """{"query":"q","documents":["1","2"]}""";
    private const string Key = "a-secret-key";

    [Theory]
    [InlineData("Authorization", "Bearer a-secret-key")]
    [InlineData("Authorization", "bearer a-secret-key")]
    [InlineData("Authorization", "a-secret-key")]
    [InlineData("x-api-key", "a-secret-key")]
    [InlineData("Api-Key", "a-secret-key")]
    public async Task A_key_is_taken_wherever_clients_put_it(string header, string value)
    {
        await using var service = new ServiceApplication(("Auth:Keys:0", "another"), ("Auth:Keys:1", Key));
        using var client = await service.StartAsync();

        var response = await client.PostJsonAsync("/rerank", Body, (header, value));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Basic a-secret-key")]
    [InlineData("x-api-key", "a-secret-ke")]
    [InlineData("x-other", "a-secret-key")]
    public async Task A_wrong_key_is_401_with_a_body_and_a_challenge(string header, string value)
    {
        await using var service = new ServiceApplication(("Auth:Keys:0", Key));
        using var client = await service.StartAsync();

        var response = await client.PostJsonAsync("/rerank", Body, (header, value));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        Assert.Equal("unauthorized", (await response.ReadJsonAsync()).GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Without_keys_whatever_clients_send_is_let_in()
    {
        await using var service = new ServiceApplication();
        using var client = await service.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await client.PostJsonAsync("/rerank", Body, ("Authorization", "Bearer None"))).StatusCode);
    }

    [Fact]
    public async Task A_key_may_be_configured_as_its_hash()
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));
        await using var service = new ServiceApplication(("Auth:Keys:0", $"sha256:{hash}"));
        using var client = await service.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await client.PostJsonAsync("/rerank", Body, ("x-api-key", Key))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostJsonAsync("/rerank", Body, ("x-api-key", $"sha256:{hash}"))).StatusCode);
    }

    [Fact]
    public async Task White_space_around_a_configured_key_is_not_part_of_it()
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("another")));
        await using var service = new ServiceApplication(("Auth:Keys:0", $"{Key}\n"), ("Auth:Keys:1", $"sha256:{hash}\r\n"));
        using var client = await service.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await client.PostJsonAsync("/rerank", Body, ("x-api-key", Key))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PostJsonAsync("/rerank", Body, ("x-api-key", "another"))).StatusCode);
    }

    /// <summary>Every route there is: a new one is guarded unless it's named here.</summary>
    [Fact]
    public async Task Every_route_needs_the_key_but_health_and_docs()
    {
        await using var service = new ServiceApplication(("Auth:Keys:0", Key));
        using var client = await service.StartAsync();
        var open = new List<string>();

        foreach (var route in service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                var path = route.RoutePattern.RawText!.Replace("{**id}", "x", StringComparison.Ordinal);
                var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
                if (response.StatusCode != HttpStatusCode.Unauthorized)
                    open.Add($"{method} {path}");
            }
        }

        string[] expected =
        [
            "GET /", "GET /health", "GET /health/live", "GET /health/ready", "GET /healthz", "GET /livez", "GET /openapi/v1.json", "GET /ping",
            "GET /playground/playground.css", "GET /playground/playground.js", "GET /readyz", "GET /swagger/v1/swagger.json", "GET /v1/health/live", "GET /v1/health/ready",
        ];
        Assert.Equal(expected, open.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/swagger/index.html", "Auth:ProtectDocs", "true", 200, 401)]
    [InlineData("GET", "/", "Auth:ProtectDocs", "true", 200, 401)]
    [InlineData("GET", "/metrics", "Auth:PublicMetrics", "true", 401, 200)]
    [InlineData("GET", "/HEALTH/live", "Auth:ProtectDocs", "true", 200, 200)]
    [InlineData("GET", "/v1/cluster/auth", "Auth:ProtectDocs", "true", 404, 404)]
    [InlineData("GET", "/nowhere", "Auth:ProtectDocs", "true", 401, 401)]
    [InlineData("POST", "/swagger/../rerank", "Auth:ProtectDocs", "false", 401, 401)]
    public async Task Some_paths_are_public_as_configured(string method, string path, string key, string value, int before, int after)
    {
        await using var usual = new ServiceApplication(("Auth:Keys:0", Key));
        await using var changed = new ServiceApplication(("Auth:Keys:0", Key), (key, value));

        var first = await (await usual.StartAsync()).SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        var second = await (await changed.StartAsync()).SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(before, (int)first.StatusCode);
        Assert.Equal(after, (int)second.StatusCode);
    }

    [Fact]
    public async Task Keys_of_a_file_change_with_it_and_stay_when_it_is_gone()
    {
        var path = Path.GetTempFileName();
        try
        {
            var options = new AuthOptions { KeysFile = path };
            var keys = new KeyRing(options);
            using var file = new KeyFile(options, keys, TimeProvider.System, NullLogger<KeyFile>.Instance);

            await file.LookAsync(path, CancellationToken.None);
            Assert.True(keys.IsRequired);
            Assert.Null(keys.Find("old"));

            await File.WriteAllTextAsync(path, "# ours\nold\n\n");
            await file.LookAsync(path, CancellationToken.None);
            Assert.NotNull(keys.Find("old"));

            await File.WriteAllTextAsync(path, "new\n");
            await file.LookAsync(path, CancellationToken.None);
            Assert.Null(keys.Find("old"));

            File.Delete(path);
            await file.LookAsync(path, CancellationToken.None);
            Assert.NotNull(keys.Find("new"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_key_has_its_own_rate_and_is_told_when_to_come_back()
    {
        await using var service = new ServiceApplication(("Auth:Keys:0", Key), ("Auth:Keys:1", "another"), ("Auth:RequestsPerMinute", "2"));
        using var client = await service.StartAsync();

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++)
            statuses.Add((await client.PostJsonAsync("/rerank", Body, ("x-api-key", Key))).StatusCode);
        var refused = await client.PostJsonAsync("/v1/rerank", Body, ("x-api-key", Key));
        var other = await client.PostJsonAsync("/rerank", Body, ("x-api-key", "another"));
        var health = await client.GetAsync("/health/ready");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal("rate_limited", (await refused.ReadJsonAsync()).GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task A_preflight_with_authorization_is_answered_without_a_key()
    {
        await using var service = new ServiceApplication(("Auth:Keys:0", Key), ("Cors:Origins:0", "https://example.org"));
        using var client = await service.StartAsync();

        var preflight = await PreflightAsync(client, "https://example.org");
        var foreign = await PreflightAsync(client, "https://elsewhere.org");
        var request = await client.PostJsonAsync("/rerank", Body, ("x-api-key", Key), ("Origin", "https://example.org"));

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Contains("authorization", Assert.Single(preflight.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.OrdinalIgnoreCase);
        Assert.False(foreign.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal("https://example.org", Assert.Single(request.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Keys_are_in_no_log()
    {
        await using var service = new ServiceApplication(("Auth:Keys:0", Key));
        using var client = await service.StartAsync();

        await client.PostJsonAsync("/rerank", Body, ("Authorization", $"Bearer {Key}"));
        await client.PostJsonAsync("/rerank", Body, ("Authorization", "Bearer a-wrong-key"));

        Assert.DoesNotContain(service.Log.Lines, line => line.Contains(Key, StringComparison.Ordinal) || line.Contains("a-wrong-key", StringComparison.Ordinal));
    }

    private static Task<HttpResponseMessage> PreflightAsync(HttpClient client, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/rerank");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        return client.SendAsync(request);
    }
}
