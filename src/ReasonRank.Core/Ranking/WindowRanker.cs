using ReasonRank.Diagnostics;
using ReasonRank.Engines;
using ReasonRank.Prompting;

namespace ReasonRank.Ranking;

/// <summary>One window to be ordered.</summary>
/// <param name="Window">Its place in the order of work, from 0.</param>
/// <param name="Range">The positions it is about.</param>
/// <param name="Passages">What stands there, best first as far as is known.</param>
/// <param name="Needed">Places of its order that matter, from the best; at least 1.</param>
/// <param name="Budget">Reasoning tokens wanted.</param>
/// <param name="CloseAt">Timestamp at which its reasoning has to end; null for no such time.</param>
/// <param name="Upcoming">The head of the prompt that will probably come next.</param>
internal sealed record WindowWork(
    int Window, WindowRange Range, IReadOnlyList<PassageText> Passages, int Needed, int Budget, long? CloseAt = null, ChatPrompt? Upcoming = null);

/// <summary>A window's order and how it came about.</summary>
/// <param name="Budget">The reasoning budget it really had: what its work asked for, or what the context left.</param>
/// <param name="PassageLimit">Tokens its passages were cut to, to fit the context; null when they stand as prepared.</param>
internal sealed record RankedWindow(
    WindowWork Work, Permutation Permutation, WindowTrace Trace, Generation Generation, int Budget, int? PassageLimit);

/// <summary>Orders one window: prompt, engine, parser. Whatever the model writes, the order is a permutation. Thread-safe.</summary>
internal sealed class WindowRanker(
    IGenerationEngine engine, RankingOptions options, Workload workload, ReasonRankTelemetry telemetry, TimeProvider time)
{
    /// <param name="text">Told of output while it is decoded; null when nobody watches, and then nothing is streamed.</param>
    /// <exception cref="EngineException">The engine failed, or the window doesn't fit its context.</exception>
    public async Task<RankedWindow> RankAsync(
        RankingJob job, ListwisePrompt prompt, WindowWork work, Action<string>? text, CancellationToken cancellationToken)
    {
        using var activity = telemetry.StartWindow(work.Window, work.Passages.Count);
        var since = time.GetTimestamp();
        var draft = Draft(job, work) with { Stream = text is not null };
        var fitted = FittedPrompt.Render(prompt, work.Passages, engine, draft.CompletionReserve - work.Budget, work.Budget);
        var request = draft with { Prompt = fitted.Prompt, Reasoning = draft.Reasoning with { Budget = fitted.ReasoningBudget } };

        var active = workload.Begin();
        Generation generation;
        try
        {
            generation = await GenerateAsync(request, text, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            active = Math.Max(active, workload.End());
        }

        var needed = request.Answer?.StopAfter ?? work.Passages.Count;
        var parsed = AnswerParser.Parse(
            generation.Text, work.Passages.Count, wasCut: generation.Finish is FinishReason.Length, needed, options.ParseMode);
        var trace = new WindowTrace(
            work.Window,
            work.Range.Start,
            work.Range.End,
            parsed.Reasoning,
            parsed.Answer,
            parsed.Status,
            generation.Finish,
            generation.Usage.CompletionTokens);
        var duration = time.GetElapsedTime(since);
        workload.Learn(request, generation, active, work.Passages.Count, needed, duration);
        Report(trace, generation.Usage, duration);
        return new RankedWindow(work, parsed.Permutation, trace, generation, fitted.ReasoningBudget, fitted.PassageLimit);
    }

    /// <summary>The request but for its prompt, whose length decides what the reasoning may take.</summary>
    private GenerationRequest Draft(RankingJob job, WindowWork work) => new()
    {
        Prompt = new ChatPrompt("", ""),
        Reasoning = job.Profile.Reason(work.Budget, work.CloseAt),
        Sampling = job.Sampling,
        Seed = job.Seed + (uint)work.Window,
        Answer = job.Request.Constrain ? new PermutationAnswer(work.Passages.Count, work.Needed) : null,
        FreeAnswerTokens = options.FreeAnswerTokens,
        Upcoming = work.Upcoming,
    };

    private async Task<Generation> GenerateAsync(GenerationRequest request, Action<string>? text, CancellationToken cancellationToken)
    {
        await foreach (var chunk in engine.GenerateAsync(request, cancellationToken).ConfigureAwait(false))
        {
            if (chunk.Text.Length > 0)
                text?.Invoke(chunk.Text);
            if (chunk.Finished is { } generation)
                return generation;
        }

        throw new GenerationFailedException("The engine ended a generation without finishing it. This is a bug.");
    }

    private void Report(WindowTrace trace, GenerationUsage usage, TimeSpan duration)
    {
        telemetry.WindowRanked(duration, Tag(trace.Status), Tag(trace.Finish));
        telemetry.TokensUsed(usage.PromptTokens, usage.ReusedPromptTokens, usage.ReasoningTokens, usage.CompletionTokens - usage.ReasoningTokens);
    }

    private static string Tag(AnswerStatus status) => status switch
    {
        AnswerStatus.Ok => "ok",
        AnswerStatus.Repaired => "repaired",
        AnswerStatus.Truncated => "truncated",
        _ => "fallback",
    };

    private static string Tag(FinishReason finish) => finish switch
    {
        FinishReason.Stop => "stop",
        FinishReason.Budget => "budget",
        FinishReason.EarlyStop => "early_stop",
        FinishReason.Deadline => "deadline",
        _ => "length",
    };
}
