using BenchmarkDotNet.Running;

namespace ReasonRank.Benchmarks;

/// <summary>dotnet run -c Release --project benchmarks/ReasonRank.Benchmarks -- NAME [--write] [options of the benchmark]</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is ["micro", .. var rest])
        {
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest.Length > 0 ? rest : ["--filter", "*"]);
            return 0;
        }
        Console.Error.WriteLine("usage: micro [BenchmarkDotNet options]");
        return 2;
    }
}
