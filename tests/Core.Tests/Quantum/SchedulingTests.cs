using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Simulation;
using Hone.Quantum.Transpiling;

namespace Hone.Core.Tests.Quantum;

public class SchedulingTests
{
    private static readonly Backend Machine = BackendCatalog.Find("manila");
    private static readonly Target Manila = Target.Of(Machine);

    [Fact]
    public void QubitsWaitForOneAnotherAndForTheEnd()
    {
        // Qubit 0 turns once, qubit 1 three times, then they meet; qubit 2 turns once and waits for nothing, since it begins late.
        Circuit circuit = Circuit.Of(5, [Apply(StandardGates.X, 0), Apply(StandardGates.X, 1), Apply(StandardGates.Sx, 1), Apply(StandardGates.X, 1), Apply(StandardGates.Cx, 0, 1), Apply(StandardGates.X, 2)]);
        Assert.Empty(Delays(Scheduling.Run(circuit, Manila)));
        Circuit early = Circuit.Of(5, [Apply(StandardGates.Cx, 0, 1), Apply(StandardGates.X, 1), Apply(StandardGates.X, 1), Apply(StandardGates.Cx, 0, 1)]);
        Instruction.Delay wait = Assert.Single(Delays(Scheduling.Run(early, Manila)));
        Assert.Equal((0, 2 * 35.556e-9), (wait.Qubits[0], Math.Round(wait.Duration, 15)));
    }

    [Fact]
    public void EveryWireIsFullFromItsFirstGateOn()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            Transpiled made = Transpiler.Run(RandomCircuits.Draw(seed, 4, 30), Manila, new TranspileOptions(Schedule: true));
            double[] taken = new double[5];
            foreach (Instruction instruction in made.Circuit.Instructions.AsEnumerable().Reverse())
            {
                double seconds = instruction is Instruction.Delay delay ? delay.Duration : Machine.Figures(((Instruction.Apply)instruction).Gate, instruction.Qubits)!.Seconds;
                Assert.All(instruction.Qubits.AsEnumerable(), q => Assert.Equal(taken[instruction.Qubits[0]], taken[q], 1e-12));   // both are free at once
                foreach (int q in instruction.Qubits) taken[q] += seconds;
            }
            Assert.Equal(made.Cost.Seconds, taken.Max(), 1e-12);
            Assert.Equal(made.Cost.Waiting, Delays(made.Circuit).Sum(d => d.Duration), 1e-12);
            CircuitCost plain = Transpiler.Run(RandomCircuits.Draw(seed, 4, 30), Manila).Cost;
            Assert.Equal(plain with { Waiting = made.Cost.Waiting }, made.Cost with { Seconds = plain.Seconds });
        }
    }

    [Fact]
    public void ItIsTheSameCircuit()
    {
        Transpiled made = Transpiler.Run(RandomCircuits.Draw(3, 4, 30), Manila, new TranspileOptions(Schedule: true)), plain = Transpiler.Run(RandomCircuits.Draw(3, 4, 30), Manila);
        Circuit without = made.Circuit with { Instructions = made.Circuit.Instructions.AsEnumerable().Where(i => i is not Instruction.Delay).ToValueList() };
        System.Numerics.Complex[] expected = ReferenceState.Of(plain.Circuit).Amplitudes.ToArray(), actual = ReferenceState.Of(without).Amplitudes.ToArray();
        for (int i = 0; i < expected.Length; i++) Assert.Equal(0, (expected[i] - actual[i]).Magnitude, 1e-12);
    }

    private static IEnumerable<Instruction.Delay> Delays(Circuit circuit) => circuit.Instructions.AsEnumerable().OfType<Instruction.Delay>();

    private static Instruction Apply(Gate gate, params ReadOnlySpan<int> qubits) => new Instruction.Apply(gate, [], ValueList.Create(qubits));
}
