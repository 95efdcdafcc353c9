using System.Net;

namespace ReasonRank.Benchmarks;

/// <summary>What happened under a load.</summary>
/// <param name="Memory">Resident MiB before, every second of it, and when the last client was served.</param>
/// <param name="Loop">Processor seconds of the engine's loop meanwhile.</param>
/// <param name="Rest">Processor seconds of the rest of the service.</param>
internal sealed record LoadPhase(double Seconds, Try[] Tries, IReadOnlyList<double> Memory, double Loop, double Rest)
{
    public Try[] Served { get; } = [.. Tries.Where(done => done.Answered <= Seconds && done.Attempt.Status == HttpStatusCode.OK)];

    public double Asked => Tries.Count(done => done.Sent <= Seconds) / Seconds;

    public double Requests => Served.Length / Seconds;

    public double Tokens => Served.Sum(done => done.Attempt.Tokens) / Seconds;

    /// <summary>The most resident MiB in the first quarter of the time, while the service took on the load, and later.</summary>
    public (double First, double Later) Peaks => (Memory.Take(Memory.Count / 4).Max(), Memory.Skip(Memory.Count / 4).Max());

    public int Refused => Tries.Count(done => done.Answered <= Seconds && done.Attempt.IsRefusal);
}

/// <summary>What an overload did to the service, and whether it kept its promises.</summary>
/// <param name="before">The service kept busy before the overload; <paramref name="after"/> after it. Their mean counts as its capacity.</param>
/// <param name="tooLong">Refusals because the work waiting would take too long.</param>
internal sealed class OverloadReport(LoadPhase before, LoadPhase overload, LoadPhase after, double tooLong)
{
    private const double LeastShare = 0.95;
    private const double MostGrowth = 1.1;
    private readonly Attempt[] _refusals = [.. overload.Tries.Select(done => done.Attempt).Where(attempt => attempt.IsRefusal)];
    private readonly int[] _retries = Retries(overload);

    private double Share => 2 * overload.Tokens / (before.Tokens + after.Tokens);

    private int Faults => overload.Tries.Count(done => done.Attempt is { IsRefusal: false, Status: not HttpStatusCode.OK });

    private int Malformed => _refusals.Count(attempt => attempt.Wait is null);

    /// <summary>Processor milliseconds of a refusal: what the service took beside the engine, less what served requests take.</summary>
    private double RefusalCost =>
        1000 * (overload.Rest - (overload.Served.Length * (before.Rest + after.Rest) / (before.Served.Length + after.Served.Length))) / Math.Max(1, overload.Refused);

    public Bounds Check()
    {
        var bounds = new Bounds();
        bounds.Require(Faults == 0, $"every answer is 200 or 429; {Faults} aren't");
        bounds.Require(_refusals.Length > 0 && Malformed == 0, $"of {_refusals.Length} refusals all have a Retry-After in whole seconds; {Malformed} don't");
        bounds.Require(_refusals.Length == (int)tooLong, $"all {_refusals.Length} refusals are admission's, for the work that waits; {tooLong} are");
        bounds.Require(Share >= LeastShare, $"the work done stays at {LeastShare:P0} of capacity; it's {Share:P1}");
        bounds.Require(_retries.Length > 0 && _retries.All(retries => retries <= 2), $"who obeys gets in at the second retry after the burst: {_retries.Count(retries => retries > 2)} didn't");
        bounds.Require(overload.Peaks.Later <= MostGrowth * overload.Peaks.First, $"memory stays flat: {overload.Peaks.First:F0} MiB at first, {overload.Peaks.Later:F0} later");
        return bounds;
    }

    public override string ToString()
    {
        var table = new MarkdownTable("load", "asked/s", "served/s", "tokens/s", "refused/s", "slowest answer, s", "engine loop, % of a core", "rest of the service, %");
        Add("as much as it can", before);
        Add($"{overload.Asked / before.Requests:F1} times as much, for {overload.Seconds:F0} s", overload);
        Add("as much as it can, afterwards", after);
        return $"""
            {table}
            - {100 * Share:F1}% of capacity was done during the overload, in tokens.
            - {_refusals.Length:N0} refusals, {Malformed} without whole seconds to wait; {tooLong:N0} because the work waiting would take too long. One cost {RefusalCost:F2} ms of a processor. {Faults} other answers.
            - After it {_retries.Length} clients who obey still had to come back: {_retries.Count(retries => retries == 1)} got in at their first retry, {_retries.Count(retries => retries == 2)} at their second, {_retries.Count(retries => retries > 2)} later.
            - Resident memory: {overload.Memory[0]:F0} MiB before, at most {overload.Peaks.First:F0} in the first quarter of the time and {overload.Peaks.Later:F0} later, {overload.Memory[^1]:F0} when the last client was served.

            """;

        void Add(string name, LoadPhase phase) => table.Add(
            name, phase.Asked, phase.Requests, phase.Tokens, phase.Refused / phase.Seconds,
            phase.Served.Max(done => done.Answered - done.Sent), 100 * phase.Loop / phase.Seconds, 100 * phase.Rest / phase.Seconds);
    }

    /// <summary>For each client that was waiting to come back when the load ended: how many tries it took then.</summary>
    private static int[] Retries(LoadPhase phase) =>
    [
        .. phase.Tries.Where(done => done.Retry > 0 && done.Sent > phase.Seconds).GroupBy(done => done.Client)
            .Select(client => client.Any(done => done.Attempt.Status == HttpStatusCode.OK) ? client.Count() : int.MaxValue),
    ];
}
