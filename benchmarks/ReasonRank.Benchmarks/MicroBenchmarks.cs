using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ReasonRank.Benchmarks.Micro;

namespace ReasonRank.Benchmarks;

/// <summary>What is ours on the hot path, by BenchmarkDotNet in this process: short runs, whose order of magnitude is what matters.</summary>
internal static class MicroBenchmarks
{
    private static readonly Type[] All = [typeof(AnswerMask), typeof(Sampling), typeof(Planning), typeof(Rendering)];

    public static void Run(BenchmarkArguments arguments)
    {
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(PerformanceDocument.Root(), "artifacts", "micro"));
        var table = new MarkdownTable("what", "once in", "microseconds", "allocated, bytes");
        foreach (var report in All.SelectMany(type => BenchmarkRunner.Run(type, config).Reports))
        {
            var (what, once) = Words(report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''));
            var mean = report.ResultStatistics?.Mean ?? throw new InvalidOperationException($"{what} wasn't measured.");
            table.Add(what, once, mean / 1000, report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0);
            Console.Error.WriteLine($"{what}: {mean:F0} ns");
        }
        PerformanceDocument.Report("micro", table.ToString(), arguments.Write);
    }

    /// <summary>A benchmark's description: what it does, and once in what.</summary>
    private static (string What, string Once) Words(string description) =>
        description.Split(" | ") is [var what, var once] ? (what, once) : throw new InvalidOperationException($"'{description}' doesn't say once in what.");
}
