using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.CompVqc;
using Hone.Quantum.Transpiling;
using Hone.Search;

namespace Hone.Benchmarks.CompVqc;

/// <summary>Whether the compression table, which knows gates alone, holds in a routed circuit.</summary>
internal sealed class ContextPart(VqcScale scale)
{
    private const double Rate = 0.35;
    private static readonly TranspileOptions Compiled = new();

    public EvidencePart Part => new("context", "The compression table measured again inside routed circuits",
        new(() => [.. scale.Sizes[0].Machines.AsEnumerable().SelectMany(m => Seeds().Select(seed => Of(m, seed)))]), Rows,
        [
            string.Create(CultureInfo.InvariantCulture, $"Trained circuits of 4 qubits on {scale.Data[0]}: each parameter alone is brought to its nearest level and the whole is compiled anew. Routing takes another way now and then, so a saved gate saves swaps too, or costs some."),
            string.Create(CultureInfo.InvariantCulture, $"All together: what the table promises for the parameters that ADMM snapped at a rate of {Rate}, against what the routed circuit has fewer than that of the same training without compression."),
        ]);

    private IEnumerable<ulong> Seeds() => Enumerable.Range(1, scale.ContextSeeds).Select(s => (ulong)s);

    private Unit Of(string machine, ulong seed)
    {
        VqcSize size = scale.Sizes[0];
        var inputs = new JsonObject { ["revision"] = VqcScale.Revision, ["machine"] = machine, ["calibration"] = BackendCatalog.Find(machine).Calibration, ["seed"] = seed, ["data"] = scale.Data[0], ["rate"] = Rate };
        return new Unit($"context/{machine}/{seed}", inputs, new Cost(3 * 790 * 24, 0), [], _ => new UnitResult(Work(size, machine, seed)));
    }

    private JsonObject Work(VqcSize size, string name, ulong seed)
    {
        CompVqcConfig config = size.Config;
        Target target = Target.Of(BackendCatalog.Find(name));
        var (train, _, classes, width) = VqcScale.Samples(scale.Data[0], size, seed);
        var model = new VqcModel(config, width, classes);
        var training = new VqcTraining(model, train, config, seed);
        var table = new CompressionTable(model.Parameters.AsEnumerable().Select(p => p.Gate), target.Basis, Compiled);
        var snapping = new Snapping(SnapRule.Table, model.Parameters, table, GateWeights.Flat(model.Parameters.Count, config.TwoQubitWeight), config.ScoreFloor);
        VqcState start = training.Run(training.Begin(), config.DenseSteps, config.DenseRate);
        CircuitCost Cost(double[] weights) => Transpiler.Run(VqcCircuit.Bound(model, weights), target, Compiled).Cost;
        CircuitCost whole = Cost(start.Weights);
        var singles = new JsonArray();
        Snap?[] snaps = snapping.Of(start.Weights);
        for (int p = 0; p < snaps.Length; p++)
        {
            double[] weights = [.. start.Weights];
            weights[p] = snaps[p]!.Value.Value;
            CompressionRow row = table.Nearest(model.Parameters[p].Gate, model.Parameters[p].Angle, weights[p])!.Value.Level;
            CircuitCost cost = Cost(weights);
            singles.Add(new JsonObject { ["gate"] = row.Gate.Name, ["alone"] = row.TwoQubit, ["aloneTurns"] = row.Turns, ["inside"] = whole.TwoQubit - cost.TwoQubit, ["insideTurns"] = whole.Turns - cost.Turns });
        }
        CompressionState Run(SnapSchedule schedule, int count) => new Compression(training, snapping, config, schedule, count).Run(start);
        CompressionState admm = Run(SnapSchedule.Admm, (int)Math.Round(Rate * snaps.Length));
        int promised = Enumerable.Range(0, snaps.Length).Where(p => admm.Snapped[p]).Sum(p => table.Nearest(model.Parameters[p].Gate, model.Parameters[p].Angle, admm.Training.Weights[p])!.Value.Level.TwoQubit);
        return new JsonObject { ["singles"] = singles, ["promised"] = promised, ["saved"] = Cost(Run(SnapSchedule.None, 0).Training.Weights).TwoQubit - Cost(admm.Training.Weights).TwoQubit };
    }

    private IEnumerable<EvidenceRow> Rows(Findings findings) => scale.Sizes[0].Machines.AsEnumerable().SelectMany(m => Rows(m, [.. Seeds().Select(seed => findings[Of(m, seed)])]));

    private static IEnumerable<EvidenceRow> Rows(string machine, JsonObject[] found)
    {
        (string Gate, int Alone, int Turns)[] kinds = [.. found.SelectMany(f => f["singles"]!.AsArray()).Select(s => ((string)s!["gate"]!, (int)s["alone"]!, (int)s["aloneTurns"]!)).Distinct().Where(k => k.Item2 + Math.Abs(k.Item3) > 0).Order()];
        foreach (var kind in kinds)
        {
            double[][] Values(string key) => [.. found.Select(f => f["singles"]!.AsArray().Where(s => ((string)s!["gate"]!, (int)s["alone"]!, (int)s["aloneTurns"]!) == kind).Select(s => (double)s![key]!).ToArray()).Where(v => v.Length > 0)];
            bool pair = kind.Alone > 0;
            yield return new(machine, $"{kind.Gate}, alone {(pair ? kind.Alone : kind.Turns)} fewer", pair ? "gates on two qubits saved" : "gates on one qubit saved", Origin.Simulated, PairedBootstrap.Of(Values(pair ? "inside" : "insideTurns"), 1));
        }
        yield return new(machine, "all together, promised by the table", "gates on two qubits saved", Origin.Simulated, PairedBootstrap.Of([.. found.Select(f => new[] { (double)f["promised"]! })], 1));
        yield return new(machine, "all together, in the routed circuit", "gates on two qubits saved", Origin.Simulated, PairedBootstrap.Of([.. found.Select(f => new[] { (double)f["saved"]! })], 1));
    }
}
