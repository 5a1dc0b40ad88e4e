using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Hone.Benchmarks.Evidence;
using Hone.Benchmarks.Fuzz;
using Hone.Benchmarks.Page;

namespace Hone.Benchmarks;

/// <summary>Evidence for claims, and micro-benchmarks.</summary>
internal static class Program
{
    // A generated project of its own would not find this repository's references, which are not transitive.
    private static ManualConfig InThisProcess => ManualConfig.Create(DefaultConfig.Instance).AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));

    public static int Main(string[] args)
    {
        var filter = new Argument<string>("FILTER") { Description = "for example *Fpga*" };
        var bench = new Command("bench", "Micro-benchmarks by name (BenchmarkDotNet).") { filter };
        bench.SetAction(parsed => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(["--filter", parsed.GetValue(filter)!], InThisProcess).Any() ? 0 : 1);
        return new RootCommand("Hone's evidence and benchmarks.") { EvidenceCommand.Create(), WorkerCommand.Create(), FuzzCommand.Create(), PageCommand.Create(), bench }.Parse(args).Invoke();
    }
}
