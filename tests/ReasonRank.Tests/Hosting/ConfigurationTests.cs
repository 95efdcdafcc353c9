using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ReasonRank.LlamaCpp;
using ReasonRank.Service.Hosting;

namespace ReasonRank.Tests.Hosting;

public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("Limits:MaxDocuments", "0", "ReasonRank:Limits:MaxDocuments must be between 1 and 100000")]
    [InlineData("Limits:MaxDocuments", "many", "'ReasonRank:Limits:MaxDocuments'")]
    [InlineData("Limits:MaxBodyBytes", "12", "ReasonRank:Limits:MaxBodyBytes must be between 1024 and")]
    [InlineData("Limits:MaxDocumentz", "5", "There is no key 'MaxDocumentz' in ReasonRank (LimitOptions)")]
    [InlineData("Shutdown:Drain", "-00:00:01", "ReasonRank:Shutdown:Drain must be between 00:00:00 and 01:00:00")]
    [InlineData("Model:Profile", "gpt", "ReasonRank:Model:Profile must be auto, reasonrank or reasonrank-qwen3")]
    [InlineData("Model:Path", "", "ReasonRank:Model:Path")]
    [InlineData("Engine:Parallel", "65", "ReasonRank:Engine:Parallel must be between 1 and 64")]
    [InlineData("Engine:Threads", "600", "ReasonRank:Engine:Threads must be between 1 and 512")]
    [InlineData("Engine:ThreadsBatch", "600", "ReasonRank:Engine:ThreadsBatch must be between 1 and 512")]
    [InlineData("Engine:CacheTypeK", "q9", "'ReasonRank:Engine:CacheTypeK'")]
    [InlineData("Engine:Ubatch", "4096", "ReasonRank:Engine:Ubatch (4096) must not exceed ReasonRank:Engine:Batch (2048)")]
    [InlineData("Engine:PrefillChunk", "4096", "ReasonRank:Engine:PrefillChunk (4096) must not exceed ReasonRank:Engine:Batch (2048)")]
    [InlineData("Ranking:WindowSize", "101", "WindowSize must be between 2 and 100")]
    [InlineData("Ranking:Stride", "30", "Stride (30) must not exceed WindowSize (20)")]
    [InlineData("Nonsense:Key", "1", "'Nonsense'")]
    public void A_bad_value_stops_the_start_and_names_its_key_and_range(string key, string value, string message)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read($"--ReasonRank:{key}={value}"));

        Assert.Contains(message, Configuration.Explain(failure), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read("--ReasonRank:Limits:MaxDocuments=0", "--ReasonRank:Engine:Ubatch=4096"));

        Assert.Contains("MaxDocuments", Configuration.Explain(failure), StringComparison.Ordinal);
        Assert.Contains("Ubatch", Configuration.Explain(failure), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_may_be_written_with_underscores_as_llama_cpp_does()
    {
        var engine = Read("--ReasonRank:Engine:cache_type_k=q8_0", "--ReasonRank:Engine:threads_batch=3").Engine;

        Assert.Equal(CacheType.Q8_0, engine.CacheTypeK);
        Assert.Equal(3, engine.ThreadsBatch);
    }

    [Theory]
    [InlineData("MaxDocuments", "max_documents")]
    [InlineData("max_documents", "MaxDocuments")]
    public void The_later_source_wins_however_it_spells_the_key(string inJson, string inEnvironment)
    {
        const string Prefix = "SPELLING_";
        Environment.SetEnvironmentVariable($"{Prefix}ReasonRank__Limits__{inEnvironment}", "50");
        try
        {
            var options = Read([], configuration => configuration
                .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"ReasonRank": {"Limits": {"{{inJson}}": 70} } }""")))
                .AddEnvironmentVariables(Prefix));

            Assert.Equal(50, options.Limits.MaxDocuments);
        }
        finally
        {
            Environment.SetEnvironmentVariable($"{Prefix}ReasonRank__Limits__{inEnvironment}", null);
        }
    }

    [Fact]
    public void Two_spellings_of_a_key_in_one_source_stop_the_start()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read("--ReasonRank:Limits:MaxDocuments=7", "--ReasonRank:Limits:max_documents=5"));

        Assert.Contains("ReasonRank:Limits:MaxDocuments", Configuration.Explain(failure), StringComparison.Ordinal);
        Assert.Contains("ReasonRank:Limits:max_documents", Configuration.Explain(failure), StringComparison.Ordinal);
    }

    [Fact]
    public void More_generations_at_once_than_rows_of_a_decode_call_stop_the_start()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read(
            "--ReasonRank:Engine:Parallel=64", "--ReasonRank:Engine:Batch=32", "--ReasonRank:Engine:Ubatch=32", "--ReasonRank:Engine:PrefillChunk=32"));

        Assert.Equal("ReasonRank:Engine:Parallel (64) must not exceed ReasonRank:Engine:Batch (32).", Configuration.Explain(failure));
    }

    [Fact]
    public void The_embedded_model_is_found_wherever_the_service_is_started_from()
    {
        Assert.True(File.Exists(ModelPath.Find(new ModelOptions().Path)));
    }

    private static ReasonRankOptions Read(params string[] arguments) => Read(arguments, _ => { });

    private static ReasonRankOptions Read(string[] arguments, Action<IConfigurationBuilder> addSources)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        addSources(builder.Configuration);
        builder.AddReasonRankOptions();
        using var services = builder.Services.BuildServiceProvider();
        return services.GetRequiredService<IOptions<ReasonRankOptions>>().Value;
    }
}
