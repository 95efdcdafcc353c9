using System.Security.Cryptography;
using System.Text;
using ReasonRank.Engines;
using ReasonRank.Prompting;

namespace ReasonRank.Tests.Prompting;

public class PromptProfileTests
{
    [Theory]
    [InlineData("reasonrank", 449, "646add87db8f5a56")]
    [InlineData("reasonrank-qwen3", 103, "7d9b4f9c08b34e31")]
    public void A_system_turn_has_the_published_length_and_hash(string name, int length, string hash)
    {
        var system = PromptProfile.Find(name)!.System;

        Assert.Equal(length, system.Length);
        Assert.StartsWith(hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(system))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qwen2", "ReasonRank 7B", "reasonrank")]
    [InlineData("qwen3", "ReasonRank 8B", "reasonrank-qwen3")]
    [InlineData("qwen3moe", "any", "reasonrank-qwen3")]
    [InlineData("", "liuwenhan/reasonrank-32B", "reasonrank")]
    [InlineData("", "lwhlwh/reasonrank-8B", "reasonrank-qwen3")]
    public void The_profile_follows_architecture_and_name(string architecture, string model, string expected) =>
        Assert.Equal(expected, PromptProfile.For(Served(architecture, model)).Name);

    [Fact]
    public void A_base_model_in_the_metadata_counts_too()
    {
        var engine = Served("llama", "my-ranker") with { Metadata = new Dictionary<string, string> { ["general.base_model.0.name"] = "Qwen3 8B" } };

        Assert.Equal(PromptProfile.ReasonRankQwen3, PromptProfile.For(engine));
    }

    [Fact]
    public void A_budget_of_zero_replaces_the_reasoning()
    {
        Assert.Equal(new Reasoning(0, "<answer>"), PromptProfile.ReasonRank.Reason(0));
        Assert.Equal(new Reasoning(0, "<think>\n\n</think>\n\n<answer>"), PromptProfile.ReasonRankQwen3.Reason(0));
        Assert.Equal(new Reasoning(64, "\n</think>\n\n<answer>", 5), PromptProfile.ReasonRankQwen3.Reason(64, closeAt: 5));
    }

    [Fact]
    public void An_unknown_name_is_no_profile() => Assert.Null(PromptProfile.Find("reasonrank-70b"));

    private static EngineInfo Served(string architecture, string model) =>
        new() { Model = model, Architecture = architecture, ContextTokens = 1, Parallel = 1 };
}
