using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Search;

namespace Hone.Benchmarks.CompVqc;

/// <summary>What compression costs and gains, at circuits that are equally much shorter than the dense one.</summary>
internal sealed class VqcHeadline(VqcScale scale)
{
    private const double Margin = 1.5;   // points of clean accuracy
    private readonly VqcUnits _units = new(scale);

    public EvidencePart Part => new("headline", "Compressed circuits against the dense one, trained as long and compiled by the same transpiler at the same level",
        new(() => [.. Groups().SelectMany(g => scale.Data.SelectMany(data => Seeds().Select(seed => _units.Of(g.Size, data, g.Machine, seed))))]), Rows,
        [
            string.Create(CultureInfo.InvariantCulture, $"Every arm begins with the same trained circuit (400 steps of Adam) and takes 390 further steps; dense: the same steps without compression, its controlled rotations by the basis change of two SX, not the textbook's four."),
            "At 2.0x (2.5x): of an arm's rates, ascending, the first at which its routed circuit has at least 2.0 (2.5) times fewer gates on two qubits and at least 2.0 (2.5) times less depth (without rz) than the dense circuit of the same seed. Costs alone choose it; n counts seeds and data sets where a rate reached it.",
            string.Create(CultureInfo.InvariantCulture, $"{scale.Seeds} seeds, each with its own split of train and test samples, first weights and order; values of a seed are means over {string.Join(", ", scale.Data)}. 4 qubits: 1 block (40 gates, 40 angles); 8 qubits: 2 blocks (160)."),
            string.Create(CultureInfo.InvariantCulture, $"Noisy accuracy: density matrix of the scheduled circuit (waiting errs), thermal relaxation and depolarising behind every gate, {scale.Shots:#,0} shots a sample, readout error; all test samples at 4 qubits, the first {scale.Sizes[^1].NoisySamples} at 8, where circuits run on the connected part of 8 qubits that errs least, so that a density matrix holds whatever routing touches. Duration is modelled from the calibration."),
        ]);

    private IEnumerable<(VqcSize Size, string Machine)> Groups() => scale.Sizes.AsEnumerable().SelectMany(s => s.Machines.AsEnumerable().Select(m => (s, m)));

    private IEnumerable<ulong> Seeds() => Enumerable.Range(1, scale.Seeds).Select(s => (ulong)s);

    private IEnumerable<EvidenceRow> Rows(Findings findings) => Groups().SelectMany(g => Rows(findings, g.Size, g.Machine));

    private IEnumerable<EvidenceRow> Rows(Findings findings, VqcSize size, string machine)
    {
        string group = $"{size.Name}, {machine}";
        JsonObject[][] found = [.. Seeds().Select(seed => scale.Data.Select(data => findings[_units.Of(size, data, machine, seed)]).ToArray())];   // (seeds)(data)
        double Mean(Func<JsonObject, double> of) => found.SelectMany(f => f).Average(of);
        yield return new(group, "dense", "clean accuracy, %", Origin.Simulated, Over(found, f => Value(f["dense"]!, "clean")), Note: string.Create(CultureInfo.InvariantCulture,
            $"{Mean(f => Value(f["dense"]!, "cx")):0.0} gates on two qubits, depth {Mean(f => Value(f["dense"]!, "depth")):0.0}, {Mean(f => Value(f["dense"]!, "us")):0.0} us"));
        yield return new(group, "dense", "noisy accuracy, %", Origin.Simulated, Over(found, f => Value(f["dense"]!, "noisy")));
        foreach (double goal in VqcUnits.Goals)
        {
            string at = goal.ToString("0.0", CultureInfo.InvariantCulture);
            foreach (VqcArm arm in VqcArm.Compressing(size).AsEnumerable())
            {
                if (Over(found, f => At(f, arm, goal) is { } p ? Value(p, "clean") - Value(f["dense"]!, "clean") : null) is not { } clean) continue;
                double Shorter(string what) => found.SelectMany(f => f).Select(f => At(f, arm, goal) is { } p ? Value(f["dense"]!, what) / Math.Max(1e-9, Value(p, what)) : double.NaN).Where(double.IsFinite).Order().ToArray() is { Length: > 0 } all ? all[all.Length / 2] : double.NaN;
                yield return new(group, $"{arm.Name} at {at}x minus dense", "clean accuracy, points", Origin.Simulated, clean, true, Margin, string.Create(CultureInfo.InvariantCulture,
                    $"medians: {Shorter("cx"):0.0}x fewer gates on two qubits, {Shorter("depth"):0.0}x less depth, {Shorter("us"):0.0}x shorter in time"));
                if (goal == VqcUnits.Goals[0]) yield return new(group, $"{arm.Name} at {at}x minus dense", "noisy accuracy, points", Origin.Simulated, Over(found, f => At(f, arm, goal) is { } p ? Value(p, "noisy") - Value(f["dense"]!, "noisy") : null)!, true);
            }
            foreach (VqcArm other in VqcArm.Compressing(size).AsEnumerable().Where(a => a != VqcArm.Admm && goal == VqcUnits.Goals[0]))
                foreach (string metric in new[] { "clean", "noisy" })
                    if (Over(found, f => (At(f, VqcArm.Admm, goal), At(f, other, goal)) is ({ } a, { } b) ? Value(a, metric) - Value(b, metric) : null) is { } difference)
                        yield return new(group, $"{VqcArm.Admm.Name} minus {other.Name}, both at {at}x", $"{metric} accuracy, points", Origin.Simulated, difference, true);
        }
        foreach (var (data, i) in scale.Data.AsEnumerable().Select((d, i) => (d, i)))
            foreach (string metric in new[] { "clean", "noisy" })
                if (Over([.. found.Select(f => new[] { f[i] })], f => At(f, VqcArm.Admm, VqcUnits.Goals[0]) is { } p ? Value(p, metric) - Value(f["dense"]!, metric) : null) is { } own)
                    yield return new($"{group}, {data}", $"{VqcArm.Admm.Name} at 2.0x minus dense", $"{metric} accuracy, points", Origin.Simulated, own, true);
    }

    /// <summary>The first point of an arm's curve that is so much shorter.</summary>
    private static JsonNode? At(JsonObject found, VqcArm arm, double goal) => found[arm.Name]!.AsArray().FirstOrDefault(p => Value(p!, "shorter") >= goal);

    private static double Value(JsonNode node, string key) => (double)node[key]!;

    /// <summary>Mean and interval over seeds of a figure's mean over data sets; null where no seed has it.</summary>
    private static Estimate? Over(JsonObject[][] found, Func<JsonObject, double?> figure)
    {
        double[][] values = [.. found.Select(seed => seed.Select(figure).OfType<double>().ToArray()).Where(v => v.Length > 0)];
        if (values.Length == 0) return null;
        Estimate over = PairedBootstrap.Of([.. values.Select(v => new[] { v.Average() })], 1);
        return over with { Count = values.Sum(v => v.Length) };
    }

    private static Estimate Over(JsonObject[][] found, Func<JsonObject, double> figure) => Over(found, f => (double?)figure(f))!;
}
