using ReasonRank.Engines;
using ReasonRank.Prompting;

namespace ReasonRank.Ranking;

/// <summary>
/// One request being ranked: the order so far, and what was spent on it. A strategy changes it window by window; anyone may
/// ask for the result so far at any time.
/// </summary>
internal sealed class RankingRun(RankingJob job, ITokenCounter counter, RankingPace pace, Action<RankingEvent>? watcher)
{
    private readonly Lock _lock = new();
    private readonly Lock _watching = new();
    private readonly int[] _order = [.. Enumerable.Range(0, job.Count)];
    private readonly PassageText?[] _passages = new PassageText?[job.Count];
    private readonly List<RankedWindow> _windows = [];
    private readonly List<string> _warnings = [];

    public RankingJob Job { get; } = job;

    public RankingPace Pace { get; } = pace;

    public ListwisePrompt Prompt { get; } = new(job.Profile, job.Request.Query);

    /// <summary>Windows that the whole ranking takes.</summary>
    public int WindowsTotal { get; set; }

    /// <summary>How long it waited for its turn.</summary>
    public TimeSpan Waited { get; set; }

    public bool IsWatched => watcher is not null;

    /// <summary>The candidates at these positions now.</summary>
    public int[] At(WindowRange range)
    {
        lock (_lock)
            return _order[range.Start..range.End];
    }

    /// <summary>The candidates' passages as prompts show them; each prepared when it is first needed.</summary>
    public PassageText[] Passages(IEnumerable<int> candidates) => [.. candidates.Select(Passage)];

    /// <summary>Tells the watcher, if there is one. Events of windows that run at the same time come one after another.</summary>
    public void Raise(RankingEvent progress)
    {
        if (watcher is null)
            return;
        lock (_watching)
            watcher(progress);
    }

    /// <summary>What to do with a window's output while it is decoded; null when nobody watches.</summary>
    public Action<string>? Listener(int window) =>
        IsWatched ? text => Raise(new RankingEvent.ReasoningDelta(window, text)) : null;

    /// <summary>Takes a window's result; <paramref name="place"/> puts its effect into the order.</summary>
    public void Add(RankedWindow ranked, Action<int[]> place)
    {
        // Taken and told in one go: of two windows that end together, the later order is told later.
        lock (_watching)
        {
            int[] order;
            lock (_lock)
            {
                place(_order);
                _windows.Add(ranked);
                order = [.. _order];
            }

            Raise(new RankingEvent.WindowRanked(ranked.Trace, order));
        }
    }

    public void Warn(string warning)
    {
        lock (_lock)
            _warnings.Add(warning);
    }

    /// <summary>Whether time ran short for any window: the result would be another with more of it.</summary>
    public bool IsShortened
    {
        get
        {
            lock (_lock)
                return _windows.Any(IsCutShort);
        }
    }

    /// <summary>The result as it stands.</summary>
    public RankingResult Result(RankingStatus status)
    {
        lock (_lock)
        {
            return new RankingResult
            {
                Order = [.. _order],
                Status = status,
                Windows = [.. _windows.Select(window => window.Trace)],
                WindowsTotal = WindowsTotal,
                Usage = Usage(),
                Timings = new RankingTimings
                {
                    Queue = Waited + Sum(timings => timings.Queue),
                    Prefill = Sum(timings => timings.Prefill),
                    Decode = Sum(timings => timings.Decode),
                },
                Warnings = [.. WindowWarnings(), .. _warnings],
            };
        }

        TimeSpan Sum(Func<GenerationTimings, TimeSpan> part) =>
            _windows.Aggregate(TimeSpan.Zero, (sum, window) => sum + part(window.Generation.Timings));
    }

    private PassageText Passage(int candidate) => _passages[candidate] ??= PassageText.Prepare(
        Job.Request.Candidates[candidate].Text, Job.Request.Candidates[candidate].Title, Job.MaxPassageTokens, counter);

    private bool IsCutShort(RankedWindow window) => window.Trace.Finish switch
    {
        FinishReason.Deadline => true,
        _ when window.Work.Budget == Job.ReasoningBudget => false,
        FinishReason.Budget => true,
        _ => window.Work.Budget == 0,
    };

    private RankingUsage Usage()
    {
        return new RankingUsage
        {
            PromptTokens = Sum(usage => usage.PromptTokens),
            ReusedPromptTokens = Sum(usage => usage.ReusedPromptTokens),
            CompletionTokens = Sum(usage => usage.CompletionTokens),
            ReasoningTokens = Sum(usage => usage.ReasoningTokens),
            DecodeSteps = Sum(usage => usage.DecodeSteps),
            StyleBreaks = Sum(usage => usage.StyleBreaks),
            ReasoningBudget = _windows.Count == 0 ? 0 : _windows.Max(window => window.Budget),
        };

        int Sum(Func<GenerationUsage, int> part) => _windows.Sum(window => part(window.Generation.Usage));
    }

    private IEnumerable<string> WindowWarnings()
    {
        var shortened = _windows.Count(IsCutShort);
        if (shortened > 0)
            yield return $"The deadline cut the reasoning of {shortened} of {_windows.Count} windows.";
        if (_windows.Min(window => window.PassageLimit) is { } limit)
            yield return $"Passages were cut to {limit} tokens in some windows, to fit the context.";
        var kept = _windows.Count(window => window.Trace.Status is AnswerStatus.Fallback or AnswerStatus.Truncated);
        if (kept > 0)
            yield return $"{kept} of {_windows.Count} windows kept their order, because the model gave none.";
    }
}
