using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ReasonRank.Diagnostics;

/// <summary>
/// What the ranking reports to whoever measures it: one meter and one activity source, both named "ReasonRank", fed by
/// methods named after events. Times are in seconds; tags come from small fixed sets and never hold user text. Thread-safe.
/// </summary>
public sealed class ReasonRankTelemetry : IDisposable
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "ReasonRank";

    private readonly ActivitySource _activities = new(Name);
    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _requestDuration;
    private readonly UpDownCounter<long> _active;
    private readonly UpDownCounter<long> _queued;
    private readonly Histogram<double> _queueDuration;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _windows;
    private readonly Histogram<double> _windowDuration;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _deadlineHits;
    private readonly Counter<long> _cacheLookups;

    public ReasonRankTelemetry()
    {
        _requests = _meter.CreateCounter<long>("reasonrank.requests", "{request}", "Requests answered, by status.");
        _requestDuration = _meter.CreateHistogram<double>(
            "reasonrank.request.duration", "s", "Time from a request's arrival to its answer, by status.", advice: Seconds);
        _active = _meter.CreateUpDownCounter<long>("reasonrank.requests.active", "{request}", "Requests being ranked.");
        _queued = _meter.CreateUpDownCounter<long>("reasonrank.queue.length", "{request}", "Requests waiting for their turn.");
        _queueDuration = _meter.CreateHistogram<double>("reasonrank.queue.duration", "s", "Time a request waited for its turn.", advice: Seconds);
        _refused = _meter.CreateCounter<long>("reasonrank.requests.refused", "{request}", "Requests refused for overload, by reason.");
        _windows = _meter.CreateCounter<long>("reasonrank.windows", "{window}", "Windows ranked, by answer status and finish.");
        _windowDuration = _meter.CreateHistogram<double>("reasonrank.window.duration", "s", "Time one window took.", advice: Seconds);
        _tokens = _meter.CreateCounter<long>("reasonrank.tokens", "{token}", "Tokens of ranked windows, by kind.");
        _deadlineHits = _meter.CreateCounter<long>("reasonrank.deadline.hits", "{request}", "Requests whose deadline came before their last window.");
        _cacheLookups = _meter.CreateCounter<long>("reasonrank.cache.lookups", "{lookup}", "Result cache look-ups, by outcome.");
    }

    // From a think-free window on a GPU to a long ranking on a CPU.
    private static InstrumentAdvice<double> Seconds { get; } =
        new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600] };

    /// <summary>Opens a span around one request; null when nobody listens.</summary>
    public Activity? StartRequest(int candidates) => _activities.StartActivity("rerank")?.SetTag("reasonrank.candidates", candidates);

    /// <summary>Opens a span around one window; null when nobody listens.</summary>
    public Activity? StartWindow(int window, int passages) =>
        _activities.StartActivity("window")?.SetTag("reasonrank.window", window).SetTag("reasonrank.passages", passages);

    /// <param name="status">
    /// complete, partial or fallback for an answer; cancelled when the client left or the service stopped, refused for overload, invalid for a request that
    /// breaks a rule or doesn't fit the context, deadline for one that wanted an error when its time was over; error for all that is the service's own failure.
    /// </param>
    public void RequestFinished(string status, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("status", status);
        _requests.Add(1, tag);
        _requestDuration.Record(duration.TotalSeconds, tag);
    }

    public void RequestQueued() => _queued.Add(1);

    public void RequestLeftQueue(TimeSpan waited)
    {
        _queued.Add(-1);
        _queueDuration.Record(waited.TotalSeconds);
    }

    public void RequestAdmitted() => _active.Add(1);

    public void RequestReleased() => _active.Add(-1);

    public void RequestRefused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void WindowRanked(TimeSpan duration, string status, string finish)
    {
        _windows.Add(1, new KeyValuePair<string, object?>("status", status), new KeyValuePair<string, object?>("finish", finish));
        _windowDuration.Record(duration.TotalSeconds);
    }

    public void TokensUsed(int prompt, int reusedPrompt, int reasoning, int answer)
    {
        Add(prompt - reusedPrompt, "prompt");
        Add(reusedPrompt, "reused_prompt");
        Add(reasoning, "reasoning");
        Add(answer, "answer");

        void Add(int tokens, string kind) => _tokens.Add(tokens, new KeyValuePair<string, object?>("kind", kind));
    }

    public void DeadlineHit() => _deadlineHits.Add(1);

    /// <param name="outcome">hit, miss or shared.</param>
    public void CacheLookedUp(string outcome) => _cacheLookups.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Whether an instrument belongs to this object: several may live in one process.</summary>
    internal bool Owns(Instrument instrument) => ReferenceEquals(instrument.Meter, _meter);

    public void Dispose()
    {
        _activities.Dispose();
        _meter.Dispose();
    }
}
