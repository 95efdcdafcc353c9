using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;
using ReasonRank.Prompting;

namespace ReasonRank.Ranking;

/// <summary>How requests are ranked unless they say otherwise, and how much is taken on at once. Bound to <see cref="Section"/>.</summary>
public sealed class RankingOptions
{
    public const string Section = "ReasonRank:Ranking";

    /// <summary>A window larger than this is out of the models' training distribution.</summary>
    public const int TrainedWindow = 20;

    /// <summary>Windows have at most this many passages.</summary>
    public const int LargestWindow = 100;

    /// <summary>Passages shown at once. Default 20.</summary>
    [Range(2, LargestWindow)]
    public int WindowSize { get; set; } = TrainedWindow;

    /// <summary>Positions between the starts of two windows; at most the window size. Default 10.</summary>
    [Range(1, LargestWindow)]
    public int Stride { get; set; } = 10;

    /// <summary>The most passes that a request may ask for. Default 10.</summary>
    [Range(1, 100)]
    public int MaxPasses { get; set; } = 10;

    /// <summary>Tokens of a passage that are shown. Default 512.</summary>
    [Range(16, 32_768)]
    public int MaxPassageTokens { get; set; } = 512;

    /// <summary>Reasoning tokens a window; null is the profile's, 0 is think-free. Default null.</summary>
    [Range(0, 65_536)]
    public int? ReasoningBudget { get; set; }

    /// <summary>The strategy's name: "sliding-window" or "top-down". Default "sliding-window".</summary>
    [AllowedValues(StrategyNames.SlidingWindow, StrategyNames.TopDown, ErrorMessage = "{0} must be sliding-window or top-down.")]
    public string Strategy { get; set; } = StrategyNames.SlidingWindow;

    /// <summary>How outputs are read. Default Safe.</summary>
    public ParseMode ParseMode { get; set; }

    /// <summary>Tokens kept for the answer when it isn't constrained, on top of the reasoning budget. Default 100.</summary>
    [Range(16, 4_096)]
    public int FreeAnswerTokens { get; set; } = 100;

    /// <summary>Stop a window's answer where the rest can't reach the places asked for. Results are the same. Default true.</summary>
    public bool EarlyStop { get; set; } = true;

    /// <summary>
    /// Let the engine prefill the known head of the next window's prompt while one decodes. Results are the same. It takes prompts off the
    /// critical path at the price of fuller steps, which on a processor costs more than it saves (docs/performance.md). Default false.
    /// </summary>
    public bool OverlapPrefill { get; set; }

    /// <summary>The deadline of a request that names none; null is none. Default null.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan? DefaultTimeout { get; set; }

    /// <summary>The longest deadline that a request may name; a longer one is cut to it. Default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What gives way when a deadline can't hold all windows; measured, not configured.</summary>
    internal DeadlinePlanKind DeadlinePlan { get; set; }

    /// <summary>Requests ranked at once; null is as many as the engine decodes at once. Default null.</summary>
    [Range(1, 4_096)]
    public int? MaxActive { get; set; }

    /// <summary>Requests waiting at once. Default 256.</summary>
    [Range(0, 65_536)]
    public int MaxQueue { get; set; } = 256;

    /// <summary>The longest expected wait that is still taken on. Default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxQueueWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest time a refused client is told to wait. Default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes, roughly, of complete results at temperature 0 that are kept for equal requests; 0 keeps none. Default 64 MiB.</summary>
    [Range(0, long.MaxValue)]
    public long CacheBytes { get; set; } = 64 << 20;
}

/// <summary>Reports everything that is wrong with the options, each rule by the name of its key.</summary>
public sealed class RankingOptionsValidator : IValidateOptions<RankingOptions>
{
    public ValidateOptionsResult Validate(string? name, RankingOptions options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        var failures = results.Select(result => $"{RankingOptions.Section}: {result.ErrorMessage}").ToList();
        if (options.Stride > options.WindowSize)
        {
            failures.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{RankingOptions.Section}: Stride ({options.Stride}) must not exceed WindowSize ({options.WindowSize})."));
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
