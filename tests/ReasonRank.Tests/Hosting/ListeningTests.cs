using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using ReasonRank.Service.Hosting;

namespace ReasonRank.Tests.Hosting;

public sealed class ListeningTests
{
    [Fact]
    public void Port_8080_is_used_when_nothing_else_is_configured()
    {
        Assert.Equal(Listening.Fallback, UrlsAfter());
    }

    [Theory]
    [InlineData("--urls=")]
    [InlineData("--http_ports=")]
    public void A_setting_left_blank_configures_nothing(string argument)
    {
        Assert.Equal(Listening.Fallback, UrlsAfter(argument));
    }

    [Theory]
    [InlineData("--urls=http://127.0.0.1:9", "http://127.0.0.1:9")]
    [InlineData("--http_ports=9", null)]
    [InlineData("--https_ports=9", null)]
    [InlineData("--Kestrel:Endpoints:Http:Url=http://127.0.0.1:9", null)]
    public void What_is_configured_wins(string argument, string? urls)
    {
        Assert.Equal(urls, UrlsAfter(argument));
    }

    private static string? UrlsAfter(params string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.AddListening();
        return builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey);
    }
}
