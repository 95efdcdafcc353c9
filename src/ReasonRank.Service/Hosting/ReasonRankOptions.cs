using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using ReasonRank.Ranking;
using ReasonRank.Service.Api;
using ReasonRank.Service.Api.Auth;
using ReasonRank.Service.Api.Streaming;

namespace ReasonRank.Service.Hosting;

/// <summary>All configuration of the service; section <c>ReasonRank</c>. An unknown key stops the start.</summary>
internal sealed class ReasonRankOptions
{
    public const string Section = "ReasonRank";

    [ValidateObjectMembers]
    public ModelOptions Model { get; set; } = new();

    [ValidateObjectMembers]
    public EngineSection Engine { get; set; } = new();

    [ValidateObjectMembers(typeof(RankingOptionsValidator))]
    public RankingOptions Ranking { get; set; } = new();

    [ValidateObjectMembers]
    public LimitOptions Limits { get; set; } = new();

    [ValidateObjectMembers]
    public StreamingOptions Streaming { get; set; } = new();

    [ValidateObjectMembers]
    public AuthOptions Auth { get; set; } = new();

    public CorsSection Cors { get; set; } = new();

    public DocsOptions Docs { get; set; } = new();

    [ValidateObjectMembers]
    public ShutdownOptions Shutdown { get; set; } = new();
}

/// <summary>Which model is served; section <c>ReasonRank:Model</c>.</summary>
internal sealed class ModelOptions
{
    /// <summary>A GGUF file; a relative path is looked for in the working directory, then beside the program. Default: the embedded model.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Path { get; set; } = "models/reasonrank-tiny.gguf";

    /// <summary>The prompt's profile. Default "auto": told from the model's metadata.</summary>
    [AllowedValues("auto", "reasonrank", "reasonrank-qwen3", ErrorMessage = "{0} must be auto, reasonrank or reasonrank-qwen3.")]
    public string Profile { get; set; } = "auto";
}

/// <summary>How the service goes away; section <c>ReasonRank:Shutdown</c>.</summary>
internal sealed class ShutdownOptions
{
    /// <summary>How long to keep listening after ready turned 503, so that load balancers notice; 0 to 5 minutes. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ReadinessDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long accepted requests may run after that; 0 to 1 hour. Default 25 s: with the delay, Kubernetes' 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(25);
}

[OptionsValidator]
internal sealed partial class ReasonRankOptionsValidator : IValidateOptions<ReasonRankOptions>;
