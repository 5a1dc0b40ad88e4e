using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Circuits;
using Hone.Quantum.CompVqc;
using Hone.Quantum.Gates;
using Hone.Quantum.Noise;
using Hone.Quantum.Simulation;
using Hone.Quantum.Transpiling;

namespace Hone.Core.Tests.Quantum;

public class NoisyClassifierTests
{
    private static readonly VqcModel Model = new(new CompVqcConfig(), features: 4, classes: 3);
    private static readonly double[] Weights = [.. Enumerable.Range(0, 40).Select(i => Math.Sin(i) * 2)];

    private static VqcData Samples(int count)
    {
        var chance = new Chance(1, Streams.Sampling);
        double[] angles = [.. Enumerable.Range(0, 4 * count).Select(_ => Math.PI * chance.NextDouble())];
        return new VqcData(angles, new int[count], 4);
    }

    [Fact]
    public void WithManyShotsItIsTheExactMachines()
    {
        Backend machine = BackendCatalog.Find("belem");
        VqcData data = Samples(12);
        var noisy = new NoisyClassifier(Model, Weights, machine, new TranspileOptions());
        int[] read = [.. noisy.Made.Final.AsEnumerable().Take(3)];
        var exact = new int[12];
        for (int i = 0; i < 12; i++)
        {
            // The slow way: the bound circuit's density matrix, measured.
            Circuit bound = noisy.Made.Circuit.Bind(data.Angles[(4 * i)..(4 * i + 4)]);
            Circuit measured = bound with { BitRegisters = [new Register("c", 0, 3)], Instructions = [.. bound.Instructions.AsEnumerable(), .. read.Select((q, b) => new Instruction.Measure(q, b))] };
            SortedDictionary<long, double> outcomes = Outcomes.Of(measured, new NoiseModel(machine));
            double[] zeros = [.. Enumerable.Range(0, 3).Select(c => outcomes.Where(o => (o.Key >> c & 1) == 0).Sum(o => o.Value))];
            exact[i] = Array.IndexOf(zeros, zeros.Max());
        }
        VqcData labelled = data with { Labels = exact };
        Assert.All(noisy.Correct(labelled, 12, 200_000, new Chance(1, Streams.Sampling)), Assert.True);
        Assert.Equal(noisy.Correct(labelled, 12, 50, new Chance(2, Streams.Sampling)), noisy.Correct(labelled, 12, 50, new Chance(2, Streams.Sampling), threads: 2));
    }

    [Fact]
    public void WaitingErrsTooWhereItIsScheduled()
    {
        Backend machine = BackendCatalog.Find("quito");
        NoisyClassifier plain = new(Model, Weights, machine, new TranspileOptions()), scheduled = new(Model, Weights, machine, new TranspileOptions(Schedule: true));
        Assert.True(scheduled.Made.Cost.Waiting > 0 && plain.Made.Cost.Waiting == 0);
        Assert.Equal(plain.Made.Cost.TwoQubit, scheduled.Made.Cost.TwoQubit);
    }

    [Fact]
    public void StatesComeBackFromTheirBytesExactly()
    {
        var state = new CompressionState(new VqcState([1.5, -2.25, Math.PI], 77), 3, [0.1, 0.2, 0.3], [1, 2, 3], [true, false, true], [false, true, false], [new Residual(1, 0.05, 0.7, 0.01), new Residual(2, 0.1, 0.3, 0.02)]);
        CompressionState read = VqcFile.ReadSolver(VqcFile.Write(state));
        Assert.Equal(VqcFile.Write(state), VqcFile.Write(read));
        Assert.Equal((3, 77UL, state.Residuals), (read.Round, read.Training.Batches, read.Residuals));
        Dictionary<string, VqcState> trained = VqcFile.ReadTrained(VqcFile.Write(new Dictionary<string, VqcState> { ["b"] = state.Training, ["a"] = new([4], 5) }));
        Assert.Equal((5UL, 3), (trained["a"].Batches, trained["b"].Weights.Length));
        Assert.Throws<HoneException>(() => VqcFile.ReadSolver(VqcFile.Write(trained)));
        for (int cut = 0; cut < VqcFile.Write(state).Length; cut += 7) Assert.Throws<HoneException>(() => VqcFile.ReadSolver(VqcFile.Write(state)[..cut]));
    }

    [Fact]
    public void AProbeTellsACircuitThatAnswersOtherwise()
    {
        VqcData data = Samples(6);
        CircuitProbe probe = CircuitProbe.Read(CircuitProbe.Of(Model, data, Weights).ToBytes());
        Circuit circuit = VqcCircuit.Bound(Model, Weights);
        Assert.InRange(probe.Run(circuit, [0, 1, 2], 6).Difference, 0, 1e-12);
        double[] other = [.. Weights];
        other[7] += 0.2;
        Assert.True(probe.Run(VqcCircuit.Bound(Model, other), [0, 1, 2], 6).Difference > 1e-3);
        Assert.Throws<HoneException>(() => probe.Run(circuit.Bind([0.1, 0.2, 0.3, 0.4]), [0], 6));
        Assert.Equal(0, probe.Undecided);
        double[] nothing = new double[40];   // no turn moves what the encoder made
        VqcData alike = new([0.3, 0.3, 0.5, 0, 0.5, 0.7, 0.3, 0], [0, 1], 4);   // Z is the angle's cosine: the first sample's two greatest are one
        Assert.Equal(1, CircuitProbe.Of(Model, alike, nothing).Undecided);
        Assert.Throws<HoneException>(() => probe.First(circuit, [0, 1, 2]));
        foreach (string text in new[] { "{", "null", "{}", """{"angles":[[1]],"labels":[0,1],"expectations":[[1]],"correct":1}""" })
            Assert.Throws<HoneException>(() => CircuitProbe.Read(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void ACompressedStateIsTheStateItsFidelitySays()
    {
        Circuit circuit = Circuit.Of(3, [Turn(StandardGates.Ry, 0.9, 0), Turn(StandardGates.Ry, 1.2, 1), Turn(StandardGates.Crx, 0.05, 0, 1), Turn(StandardGates.Cry, 3.1, 1, 2), Turn(StandardGates.Crz, 0.04, 2, 0)]);
        var compression = new StateCompression(circuit, Target.Of(BackendCatalog.Find("quito")), new CompVqcConfig());
        Assert.Equal(5, compression.Angles);
        CompressedCircuit made = compression.Keeping(0.99)!;
        Assert.InRange(made.Fidelity, 0.99, 1);
        Assert.InRange(compression.At(1).Fidelity, 0, made.Fidelity + 1e-9);
        Assert.Null(compression.Keeping(1.1));
        Assert.True(Transpiler.Run(made.Circuit, Target.Ideal(3)).Cost.TwoQubit < Transpiler.Run(circuit, Target.Ideal(3)).Cost.TwoQubit);
    }

    private static Instruction Turn(Gate gate, double angle, params ReadOnlySpan<int> qubits) => new Instruction.Apply(gate, [angle], ValueList.Create(qubits));
}
