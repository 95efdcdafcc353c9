namespace ReasonRank.Benchmarks;

/// <summary>dotnet run -c Release --project benchmarks/ReasonRank.Benchmarks -- NAME [--write] [options of the benchmark]</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["engine", .. var options]:
                await EngineBenchmark.RunAsync(new BenchmarkArguments(options));
                return 0;
            case ["deadline", .. var options]:
                return await DeadlineBenchmark.RunAsync(new BenchmarkArguments(options));
            case ["rerank", .. var options]:
                return await RerankBenchmark.RunAsync(new BenchmarkArguments(options)) ? 0 : 1;
            case ["http", .. var options]:
                await HttpBenchmark.RunAsync(new BenchmarkArguments(options));
                return 0;
            case ["load", .. var options]:
                await LoadBenchmark.RunAsync(new BenchmarkArguments(options));
                return 0;
            case ["overload", .. var options]:
                return await OverloadBenchmark.RunAsync(new BenchmarkArguments(options));
            case ["micro", .. var options]:
                MicroBenchmarks.Run(new BenchmarkArguments(options));
                return 0;
            default:
                Console.Error.WriteLine("usage: engine | http | rerank | deadline | load | overload | micro; --write puts the table into docs/performance.md");
                return 2;
        }
    }
}
