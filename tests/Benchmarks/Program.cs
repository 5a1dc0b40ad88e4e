using System.CommandLine;
using BenchmarkDotNet.Running;
using Hone.Benchmarks.Evidence;

namespace Hone.Benchmarks;

/// <summary>Evidence for claims, and micro-benchmarks.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        var filter = new Argument<string>("FILTER") { Description = "for example *Fpga*" };
        var bench = new Command("bench", "Micro-benchmarks by name (BenchmarkDotNet).") { filter };
        bench.SetAction(parsed => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(["--filter", parsed.GetValue(filter)!]).Any() ? 0 : 1);
        return new RootCommand("Hone's evidence and benchmarks.") { EvidenceCommand.Create(), bench }.Parse(args).Invoke();
    }
}
