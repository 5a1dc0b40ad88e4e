using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Noise;
using Hone.Quantum.Qasm;
using Hone.Quantum.Simulation;
using Hone.Quantum.Transpiling;

namespace Hone.Core.Tests.Quantum;

public class NoiseTests
{
    [Fact]
    public void AChannelErrsAsMuchAsTheCalibrationSays()
    {
        int checkedGates = 0;
        foreach (GateFigures figures in SmallMachine.Of(5).GateFigures.AsEnumerable().Where(f => f.Error > 0))
        {
            ValueList<Relaxation> relaxations = figures.Qubits.AsEnumerable().Select(_ => Relaxation.After(figures.Seconds, 80e-6, 60e-6)).ToValueList();
            double fidelity = Channel.RelaxationFidelity(relaxations), d = 1 << figures.Qubits.Count;
            Channel channel = Channel.Of(figures.Error, relaxations);
            if (figures.Error <= 1 - fidelity)
            {
                Assert.Equal(0, channel.Depolarising);
                continue;
            }
            checkedGates++;
            Assert.Equal(1 - figures.Error, (1 - channel.Depolarising) * fidelity + channel.Depolarising / d, 1e-12);
        }
        Assert.InRange(checkedGates, 8, 100);
    }

    [Fact]
    public void TheFormulaOfTheFidelityIsTheFidelityOfWhatIsSimulated()
    {
        // The average over the six Pauli eigenstates is the average over all states (they are a 2-design).
        var channel = Channel.Of(0.03, [Relaxation.After(2e-6, 50e-6, 30e-6)]);
        double sum = 0;
        foreach (string gates in new[] { "", "x q[0];", "h q[0];", "x q[0]; h q[0];", "h q[0]; s q[0];", "x q[0]; h q[0]; s q[0];" })
        {
            Circuit circuit = QasmReader.Read($"OPENQASM 2.0; include \"qelib1.inc\"; qreg q[1]; {gates}");
            ReferenceState pure = ReferenceState.Of(circuit);
            var mixed = new DensityMatrix(1);
            mixed.Apply(ReferenceState.UnitaryOf(circuit), [0]);
            mixed.Apply(channel, [0]);
            for (int r = 0; r < 2; r++)
                for (int c = 0; c < 2; c++) sum += (System.Numerics.Complex.Conjugate(pure.Amplitudes[r]) * mixed[r, c] * pure.Amplitudes[c]).Real;
        }
        Assert.Equal(1 - 0.03, sum / 6, 1e-12);
    }

    [Fact]
    public void RelaxationIsThatOfTheTextbook()
    {
        var state = new DensityMatrix(1);
        state.Apply(StandardGates.H.MatrixOf(), [0]);
        state.Apply(new Channel(0, [Relaxation.After(10e-6, 50e-6, 40e-6)]), [0]);
        Assert.Equal(0.5 * Math.Exp(-0.2), state[1, 1].Real, 1e-12);
        Assert.Equal(0.5 * Math.Exp(-0.25), state[0, 1].Real, 1e-12);
        Assert.Equal(1, (state[0, 0] + state[1, 1]).Real, 1e-12);
        Assert.Equal(Relaxation.After(1e-6, 10e-6, 20e-6), Relaxation.After(1e-6, 10e-6, 50e-6));   // T2 counts for at most 2 T1
    }

    [Fact]
    public void TrajectoriesAreTheDensityMatrixOnTheMean()
    {
        Backend machine = SmallMachine.Of(3);
        var noise = new NoiseModel(machine);
        Circuit circuit = Outcomes.Measured(Transpiler.Run(RandomCircuits.Draw(5, 3, 25), Target.Of(machine)).Circuit);
        SortedDictionary<long, double> exact = Outcomes.Of(circuit, noise);
        Assert.Equal(1, exact.Values.Sum(), 1e-9);
        Assert.Equal(Outcomes.Of(circuit).Keys.Count > 0, exact.Count > 0);
        const int shots = 20_000;
        var counts = new Dictionary<long, int>();
        var chance = new Chance(3, Streams.Sampling);
        for (int i = 0; i < shots; i++)
        {
            long bits = Trajectory.Run(circuit, noise, chance);
            counts[bits] = counts.GetValueOrDefault(bits) + 1;
        }
        foreach ((long bits, double p) in exact)
        {
            double sigma = Math.Sqrt(p * (1 - p) / shots);
            Assert.InRange(counts.GetValueOrDefault(bits) / (double)shots, p - 4 * sigma - 1e-9, p + 4 * sigma + 1e-9);
        }
        double difference = exact.Sum(e => Math.Abs(e.Value - Outcomes.Of(circuit).GetValueOrDefault(e.Key)));
        Assert.InRange(difference, 0.01, 1);   // the noise is not nothing
    }

    [Fact]
    public void ACircuitForAnotherMachineIsRefused()
    {
        var noise = new NoiseModel(SmallMachine.Of(3));
        Circuit circuit = Circuit.Of(3, [new Instruction.Apply(StandardGates.Cx, [], [0, 2])]);
        Assert.Contains("made_up does not run cx on 0, 2", Assert.Throws<HoneException>(() => Outcomes.Of(circuit, noise)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("h q[0]; cx q[0],q[1]; measure q -> c;", "00:0.5 11:0.5")]
    [InlineData("h q[0]; measure q[0] -> c[0]; if (c==1) x q[1]; measure q[1] -> c[1];", "00:0.5 11:0.5")]
    [InlineData("x q[0]; reset q[0]; measure q -> c;", "00:1")]
    [InlineData("h q[0]; measure q[0] -> c[0]; h q[0]; measure q[0] -> c[1];", "00:0.25 01:0.25 10:0.25 11:0.25")]
    [InlineData("x q[1];", "10:1")]
    public void OutcomesAreThoseOfTheBits(string body, string expected)
    {
        Circuit circuit = QasmReader.Read($"OPENQASM 2.0; include \"qelib1.inc\"; qreg q[2]; creg c[2]; {body}");
        Assert.Equal(expected, string.Join(' ', Outcomes.Of(circuit).Select(o => $"{Outcomes.Text(o.Key, [new Register("c", 0, 2)])}:{Math.Round(o.Value, 12)}")));
    }
}
