using System.Text.Json;
using Hone.Devices.Fpga;
using Hone.Devices.Fpga.Simulation;
using Hone.Model;
using Hone.Quantum.Simulation;
using Hone.Search;

namespace Hone.Silo.Bench;

/// <summary>One measured figure beside its goal and its reference in the same run.</summary>
/// <param name="Ratio">Value over reference, or reference over value where less is better; above 1 is faster than the reference.</param>
/// <param name="Goal">In the value's unit; null where there is none.</param>
internal sealed record BenchLine(string Part, string Name, double Value, string Unit, string Reference, double? Ratio, string? Goal, bool? Met);

/// <summary>The parts of <c>hone bench</c>; each prints its figures as ratios to a reference of the same run.</summary>
internal static class Benches
{
    private static readonly Dictionary<string, Func<IEnumerable<BenchLine>>> Parts = new(StringComparer.Ordinal)
    {
        ["fpga"] = Fpga,
        ["fpga-simulator"] = Simulator,
        ["kernels"] = KernelsBench.Lines,
        ["search"] = Searching,
        ["engine"] = EngineBench.WithRedis,
        ["engine-embedded"] = EngineBench.Embedded,   // for its memory a process of its own: `hone bench engine-embedded`
        ["training"] = TrainingBench.Lines,
        ["quasar-vit"] = QuasarVitBench.Lines,
        ["tokens"] = TokensBench.Lines,
        ["quantum"] = Quantum,
    };

    /// <summary>Measures one part, or all, and prints a JSON array.</summary>
    public static int Run(string part)
    {
        if (part is not "all" && !Parts.ContainsKey(part))
            throw new SpecException($"bench: expected one of all, {string.Join(", ", Parts.Keys)}; got '{part}'"
                + (Nearest.Of(part, Parts.Keys) is { } near ? $"; did you mean '{near}'?" : ""));
        TextWriter answer = Console.Out;
        Console.SetOut(Console.Error);   // whoever runs this reads the answer; what a silo under measurement logs is not it
        List<BenchLine> lines = Parts.Where(p => part == "all" || p.Key == part).SelectMany(p => p.Value()).ToList();
        answer.WriteLine(JsonSerializer.Serialize(lines, StudyJson.Options));
        return 0;
    }

    private static IEnumerable<BenchLine> Fpga()
    {
        FpgaSpeed speed = FpgaBench.Run(TimeProvider.System);
        yield return new BenchLine("fpga", "pricing, engine chosen", speed.Chosen, "workloads/s", "the plain formula without memo", speed.Chosen / speed.Reference,
            $"at least {FpgaSpeed.ChosenGoal:0}", speed.Chosen >= FpgaSpeed.ChosenGoal);
        yield return new BenchLine("fpga", "pricing with the engine search", speed.Searched, "workloads/s", "the plain formula for one engine", speed.Searched / speed.Reference,
            $"at least {FpgaSpeed.SearchedGoal:0}", speed.Searched >= FpgaSpeed.SearchedGoal);
    }

    private static IEnumerable<BenchLine> Simulator()
    {
        long start = TimeProvider.System.GetTimestamp();
        SimulatorAgreement found = SimulatorBench.Run();
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        foreach (SimulatorLine line in found.Lines)
        {
            bool own = line.Machine == SimulatorBench.Machines[0];
            string name = $"{line.Machine.Name}, {line.Columns}: cycles beside the formula's,", over = $"the formula{(line.Machine.Bound ? " with the memory bound" : "")}, {line.Products} random ones";
            yield return new BenchLine("fpga-simulator", $"{name} median", line.Median, "%", over, null, null, null);
            yield return new BenchLine("fpga-simulator", $"{name} 95th percentile of the size", line.P95, "%", over, null, null, null);
            yield return new BenchLine("fpga-simulator", $"{name} worst", line.Worst, "%", over, null, own ? "0: it is the formula's own machine" : null, own ? line.Worst == 0 : null);
        }
        yield return new BenchLine("fpga-simulator", "simulated cycles", found.Cycles / seconds, "1/s", "", null, null, null);
    }

    private static IEnumerable<BenchLine> Quantum() =>
        QuantumBench.Run(TimeProvider.System).Select(f => new BenchLine("quantum", f.Name, f.Value, f.Unit, f.Reference, f.Ratio, f.Goal, f.Met));

    private static IEnumerable<BenchLine> Searching()
    {
        foreach (SearchFigure figure in SearchBench.Run(TimeProvider.System).AsEnumerable())
            yield return new BenchLine("search", figure.Name, figure.Value, figure.Unit, figure.Reference is null ? "" : "the plain algorithm", figure.Ratio,
                figure.Goal is { } goal ? $"at most {goal}" : null, figure.Goal is { } most ? figure.Value <= most : null);
    }
}
