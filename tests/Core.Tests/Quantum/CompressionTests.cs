using Hone.Model;
using Hone.Quantum.CompVqc;
using Hone.Quantum.Gates;
using Hone.Quantum.Transpiling;

namespace Hone.Core.Tests.Quantum;

public class CompressionTests
{
    private static readonly CompVqcConfig Config = new();
    private static readonly VqcModel Model = new(Config, features: 8, classes: 4);
    private static readonly (VqcData Train, VqcData Test) Data = Clusters(1);
    private static readonly VqcTraining Training = new(Model, Data.Train, Config, seed: 1);
    private static readonly VqcState Dense = Training.Run(Training.Begin(), Config.DenseSteps, Config.DenseRate);
    private static readonly CompressionTable Table = new(Model.Parameters.AsEnumerable().Select(p => p.Gate), Target.Ideal(2).Basis, new TranspileOptions());

    [Fact]
    public void TheModelIsTheSheets()
    {
        Assert.Equal(40, Model.Parameters.Count);
        Assert.Equal(8, Model.Inputs);
        Assert.InRange(Model.Accuracy(Data.Test, Dense.Weights), 0.8, 1);
        Assert.InRange(Model.Accuracy(Data.Test, Training.Begin().Weights), 0, 0.6);
    }

    [Fact]
    public void TheLossHasTheSlopesThatItSays()
    {
        double[] gradient = new double[40], unused = new double[40];
        int[] batch = [.. Enumerable.Range(0, 11)];
        Model.Loss(Data.Train, batch, Dense.Weights, gradient);
        for (int p = 0; p < 40; p += 7)
        {
            double[] above = [.. Dense.Weights], below = [.. Dense.Weights];
            (above[p], below[p]) = (above[p] + 1e-5, below[p] - 1e-5);
            Assert.Equal((Model.Loss(Data.Train, batch, above, unused) - Model.Loss(Data.Train, batch, below, unused)) / 2e-5, gradient[p], 1e-7);
        }
    }

    [Theory]
    [InlineData(SnapSchedule.OneShot, SnapRule.Table), InlineData(SnapSchedule.Gradual, SnapRule.Table), InlineData(SnapSchedule.Admm, SnapRule.Table)]
    [InlineData(SnapSchedule.OneShot, SnapRule.Zero), InlineData(SnapSchedule.OneShot, SnapRule.Distance), InlineData(SnapSchedule.OneShot, SnapRule.Quarter)]
    public void SoManyParametersEndAtTheirLevels(SnapSchedule schedule, SnapRule rule)
    {
        CompressionState done = Compress(schedule, rule).Run(Dense);
        Assert.Equal(14, done.Snapped.Count(s => s));
        for (int p = 0; p < 40; p++)
        {
            if (!done.Snapped[p]) continue;
            double value = done.Training.Weights[p];
            Assert.Equal(0, Math.IEEERemainder(value, rule == SnapRule.Zero ? 2 * Math.PI : Math.PI / 2), 1e-9);
            if (rule is SnapRule.Table or SnapRule.Distance && Model.Parameters[p].Gate.Qubits == 2) Assert.Equal(0, Math.IEEERemainder(value, Math.PI), 1e-9);
        }
        Assert.InRange(Model.Accuracy(Data.Test, done.Training.Weights), 0.55, 1);
    }

    [Fact]
    public void EveryScheduleTakesAsManySteps()
    {
        ulong[] batches = [.. Enum.GetValues<SnapSchedule>().Select(s => Compress(s, SnapRule.Table).Run(Dense).Training.Batches)];
        Assert.All(batches, b => Assert.Equal(batches[0], b));
        Assert.Equal((ulong)(24 * (400 + 390)), batches[0]);
    }

    [Fact]
    public void WhatIsSnappedMovesNoMore()
    {
        Compression gradual = Compress(SnapSchedule.Gradual, SnapRule.Table);
        CompressionState state = gradual.Begin(Dense);
        while (!state.IsDone(Config))
        {
            CompressionState next = gradual.Next(state);
            for (int p = 0; p < 40; p++)
                if (state.Snapped[p]) Assert.Equal(state.Training.Weights[p], next.Training.Weights[p]);
            Assert.True(state.Snapped.Zip(next.Snapped).All(s => !s.First || s.Second));
            state = next;
        }
    }

    [Fact]
    public void TheMultipliersDrawTheChosenToTheirLevels()
    {
        Compression admm = Compress(SnapSchedule.Admm, SnapRule.Table);
        var residuals = new List<double>();
        CompressionState state = admm.Begin(Dense);
        while (state.Round < Config.Rounds)
        {
            state = admm.Next(state);
            residuals.Add(state.Residuals[^1].Primal);
            for (int p = 0; p < 40; p++)
                if (!state.Chosen[p]) Assert.Equal(0, state.Dual[p]);
        }
        Assert.True(residuals[^1] < 0.5 * residuals.Max(), string.Join(" ", residuals));
    }

    [Fact]
    public void ACompressionGoesOnWhereItStopped()
    {
        CompressionState whole = Compress(SnapSchedule.Admm, SnapRule.Table).Run(Dense), state = Compress(SnapSchedule.Admm, SnapRule.Table).Begin(Dense);
        while (!state.IsDone(Config)) state = Compress(SnapSchedule.Admm, SnapRule.Table).Next(state);
        Assert.Equal(whole.Training.Weights, state.Training.Weights);
    }

    [Fact]
    public void CompressedCircuitsAreShorterOnAMachine()
    {
        Target target = Target.Of(Hone.Quantum.Backends.BackendCatalog.Find("quito"));
        CircuitCost Cost(double[] weights) => Transpiler.Run(VqcCircuit.Bound(Model, weights), target, new TranspileOptions()).Cost;
        CircuitCost dense = Cost(Dense.Weights), compressed = Cost(Compress(SnapSchedule.Admm, SnapRule.Table).Run(Dense).Training.Weights);
        Assert.True(compressed.TwoQubit < 0.6 * dense.TwoQubit && compressed.LogError < dense.LogError, $"{dense.TwoQubit} and {compressed.TwoQubit}");
    }

    [Fact]
    public void PlacedWeightsAreTheMachinesErrors()
    {
        Target target = Target.Of(Hone.Quantum.Backends.BackendCatalog.Find("quito"));
        ValueList<GateWeight> weights = GateWeights.Placed(Model, target, new TranspileOptions());
        Assert.Equal(40, weights.Count);
        for (int p = 0; p < 40; p++)
            if (Model.Parameters[p].Gate.Qubits == 1) Assert.Equal(0, weights[p].TwoQubit);
            else Assert.InRange(weights[p].TwoQubit, 5, 200);
        Assert.Equal(1, weights.AsEnumerable().Average(w => w.Turn), 0.2);
        // quito's pairs err between 1.3 and 5.6 %, so gates do not all weigh the same, and other gates are chosen.
        Assert.True(weights.AsEnumerable().Max(w => w.TwoQubit) > 1.5 * weights.AsEnumerable().Where(w => w.TwoQubit > 0).Min(w => w.TwoQubit));
        Assert.NotEqual(Compress(SnapSchedule.OneShot, SnapRule.Table).Run(Dense).Snapped, Compress(SnapSchedule.OneShot, SnapRule.Table, weights).Run(Dense).Snapped);
    }

    [Fact]
    public void InsideItsCircuitAGateSavesWhatTheCompilerSays()
    {
        // On each pair stand two turns about z, of the last two rings: one alone merges into the other, so that it saves nothing until its partner is gone.
        const int first = 28, partner = 36;
        var compiled = new CompiledSavings(Model, Target.Ideal(4), 10);
        Snap?[] snaps = new Snap?[40];
        foreach (int p in new[] { first, partner, 4 }) snaps[p] = new Snap(0, 0);
        double[] alone = compiled.Of(Dense.Weights, snaps, new bool[40]);
        bool[] gone = new bool[40];
        gone[partner] = true;
        double[] then = compiled.Of(Dense.Weights, snaps, gone);
        Assert.InRange(alone[first], 0, 5);
        Assert.True(then[first] >= 20 && then[partner] <= 5, $"{alone[first]}, then {then[first]}");
        Assert.True(alone[4] >= 20);   // a controlled turn that nothing merges with
        Assert.Equal(0, alone[0]);     // has no level here
    }

    [Fact]
    public void TheCompilerInTheLoopGoesOnWhereItStopped()
    {
        Compression Made() => new(Training, new Snapping(SnapRule.Table, Model.Parameters, Table, GateWeights.Flat(40, Config.TwoQubitWeight), Config.ScoreFloor), Config with { Rounds = 3, RoundSteps = 5, FineTuneSteps = 5 }, SnapSchedule.Admm, 10,
            new CompiledSavings(Model, Target.Of(Hone.Quantum.Backends.BackendCatalog.Find("belem")), 10));
        CompVqcConfig config = Config with { Rounds = 3 };
        CompressionState whole = Made().Run(Dense), state = Made().Begin(Dense);
        while (!state.IsDone(config)) state = VqcFile.ReadSolver(VqcFile.Write(Made().Next(state)));
        Assert.Equal(whole.Training.Weights, state.Training.Weights);
        Assert.NotEqual(whole.Snapped, Compress(SnapSchedule.Admm, SnapRule.Table).Run(Dense).Snapped);
    }

    private static Compression Compress(SnapSchedule schedule, SnapRule rule, ValueList<GateWeight>? weights = null) =>
        new(Training, new Snapping(rule, Model.Parameters, Table, weights ?? GateWeights.Flat(40, Config.TwoQubitWeight), Config.ScoreFloor), Config, schedule, count: 14);

    /// <summary>Four centres in [0, pi]^8 with a spread of 0.55, 300 samples to train on and 300 to test.</summary>
    private static (VqcData Train, VqcData Test) Clusters(ulong seed)
    {
        var chance = new Chance(seed, Streams.Sampling);
        double[] centres = [.. Enumerable.Range(0, 32).Select(_ => Math.PI * chance.NextDouble())];
        VqcData Draw()
        {
            int[] labels = [.. Enumerable.Range(0, 300).Select(i => i % 4)];
            double[] features = [.. labels.SelectMany(l => Enumerable.Range(0, 8).Select(f => centres[l * 8 + f] + 0.55 * chance.NextGaussian()))];
            return VqcData.Encode(features, 8, labels, EncodingKind.Angle, 4);
        }
        return (Draw(), Draw());
    }
}
