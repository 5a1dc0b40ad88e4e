using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.CompVqc;
using Hone.Quantum.Transpiling;

namespace Hone.Benchmarks.CompVqc;

/// <summary>A unit trains one circuit on one data set, compresses it in every way at growing rates, and runs what came of it on one machine.</summary>
internal sealed class VqcUnits(VqcScale scale)
{
    /// <summary>How much shorter a circuit must be, in depth and in gates on two qubits, to be judged.</summary>
    public static readonly double[] Goals = [2.0, 2.5];

    private const int AnglesOfBlock = 10;         // for each qubit
    private const double CompilationWeight = 20;   // noisy samples that take as long as a compilation [measured]
    private static readonly TranspileOptions Compiled = new(Schedule: true);

    public Unit Of(VqcSize size, string data, string machine, ulong seed)
    {
        CompVqcConfig config = size.Config;
        double compressed = (config.Rounds * config.RoundSteps + config.FineTuneSteps) * config.BatchSize * size.Weight, runs = 1 + VqcArm.Compressing(size).Count * size.Rates.Count * 0.6;   // the dearest rates are seldom needed
        double compilations = VqcArm.Compressing(size).Contains(VqcArm.Compiled) ? size.Rates.Count * 0.6 * config.Rounds * AnglesOfBlock * size.Qubits * config.Blocks * CompilationWeight : 0;
        var cost = new Cost(config.DenseSteps * config.BatchSize * size.Weight + runs * compressed, compilations + (1 + 2 * VqcArm.Compressing(size).Count) * 0.5 * Math.Min(size.NoisySamples, 150) * size.NoisyWeight);
        return new Unit($"vqc/{size.Name}/{machine}/{data}/{seed}", Inputs(size, data, machine, seed), cost, [], run => new UnitResult(Work(size, data, machine, seed, run.Cancel)));
    }

    private JsonObject Inputs(VqcSize size, string data, string machine, ulong seed)
    {
        JsonObject inputs = Whole(size, data, machine, seed);
        if (size.Part > 0) inputs["part"] = size.Part;
        return inputs;
    }

    private JsonObject Whole(VqcSize size, string data, string machine, ulong seed) => new()
    {
        ["revision"] = VqcScale.Revision, ["data"] = data, ["machine"] = machine, ["calibration"] = BackendCatalog.Find(machine).Calibration, ["seed"] = seed, ["shots"] = scale.Shots,
        ["samples"] = size.NoisySamples, ["rates"] = JsonSerializer.SerializeToNode(size.Rates, StudyJson.Options), ["config"] = JsonSerializer.SerializeToNode(size.Config, StudyJson.Options),
    };

    private JsonObject Work(VqcSize size, string data, string name, ulong seed, CancellationToken cancel)
    {
        CompVqcConfig config = size.Config;
        Backend machine = size.Machine(name);
        var (train, test, classes, width) = VqcScale.Samples(data, size, seed);
        var model = new VqcModel(config, width, classes);
        var training = new VqcTraining(model, train, config, seed);
        var table = new CompressionTable(model.Parameters.AsEnumerable().Select(p => p.Gate), machine.Basis, Compiled);
        ValueList<GateWeight> flat = GateWeights.Flat(model.Parameters.Count, config.TwoQubitWeight), placed = GateWeights.Placed(model, Target.Of(machine), Compiled);
        VqcState start = training.Run(training.Begin(), config.DenseSteps, config.DenseRate);

        double[] Compressed(VqcArm arm, int count) =>
            new Compression(training, new Snapping(arm.Way.Rule(), model.Parameters, table, arm.Way == VqcWay.AdmmPlaced ? placed : flat, config.ScoreFloor), config, arm.Way.Schedule(), count,
                arm.Way == VqcWay.AdmmCompiled ? new CompiledSavings(model, Target.Of(machine), config.TwoQubitWeight) : null).Run(start).Training.Weights;

        double[] longer = Compressed(VqcArm.Dense, 0);
        var dense = new NoisyClassifier(model, longer, machine, Compiled);
        int noisy = Math.Min(size.NoisySamples, test.Samples);
        JsonObject Found(double[] weights, NoisyClassifier made, bool judged) => new()
        {
            ["clean"] = Percent(model.Accuracy(test, weights)), ["cx"] = made.Made.Cost.TwoQubit, ["depth"] = made.Made.Cost.DepthWithoutFrames, ["us"] = Math.Round(made.Made.Cost.Seconds * 1e6, 3),
            ["error"] = Math.Round(made.Made.Cost.LogError, 5),
            ["noisy"] = judged ? Percent(made.Correct(test, noisy, scale.Shots, new Chance(seed, Streams.Sampling)).Count(c => c) / (double)noisy) : null,
        };
        JsonObject found = new() { ["dense"] = Found(longer, dense, true) };
        foreach (VqcArm arm in VqcArm.Compressing(size))
        {
            var curve = new JsonArray();
            double reached = 0;
            foreach (double rate in size.Rates)
            {
                cancel.ThrowIfCancellationRequested();
                double[] weights = Compressed(arm, (int)Math.Round(rate * model.Parameters.Count));
                var made = new NoisyClassifier(model, weights, machine, Compiled);
                double shorter = Math.Min(Ratio(dense.Made.Cost.TwoQubit, made.Made.Cost.TwoQubit), Ratio(dense.Made.Cost.DepthWithoutFrames, made.Made.Cost.DepthWithoutFrames));
                JsonObject point = Found(weights, made, Goals.Any(g => reached < g && shorter >= g));
                point["rate"] = rate;
                point["shorter"] = Math.Round(shorter, 4);
                curve.Add(point);
                reached = Math.Max(reached, shorter);
                if (reached >= Goals[^1]) break;
            }
            found[arm.Name] = curve;
        }
        return found;
    }

    private static double Ratio(int dense, int compressed) => compressed == 0 ? double.MaxValue : dense / (double)compressed;

    private static double Percent(double share) => Math.Round(100 * share, 4);
}
