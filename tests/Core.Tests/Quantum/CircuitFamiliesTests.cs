using System.Numerics;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Simulation;
using Hone.Quantum.Transpiling;

namespace Hone.Core.Tests.Quantum;

public class CircuitFamiliesTests
{
    [Fact]
    public void AGhzStateIsAllOrNothing()
    {
        double[] p = ReferenceState.Of(CircuitFamilies.Ghz(5)).Probabilities();
        Assert.Equal(0.5, p[0], 1e-12);
        Assert.Equal(0.5, p[31], 1e-12);
    }

    [Theory]
    [InlineData(1), InlineData(3), InlineData(4)]
    public void TheFourierTransformIsItsMatrix(int qubits)
    {
        int d = 1 << qubits;
        Matrix expected = Matrix.Build(d, (r, c) => Complex.FromPolarCoordinates(1 / Math.Sqrt(d), Math.Tau * r * c / d));
        Assert.InRange(expected.Distance(ReferenceState.UnitaryOf(CircuitFamilies.Qft(qubits))), 0, 1e-13);
    }

    [Fact]
    public void TheAdderAdds()
    {
        const int bits = 3;
        for (int a = 0; a < 8; a++)
            for (int b = 0; b < 8; b++)
            {
                int start = 0;
                for (int i = 0; i < bits; i++) start |= (b >> i & 1) << (1 + 2 * i) | (a >> i & 1) << (2 + 2 * i);
                var state = new ReferenceState(2 * bits + 2, start);
                state.Run(CircuitFamilies.Adder(bits));
                int end = Array.FindIndex(state.Probabilities(), p => p > 0.999), sum = 0;
                for (int i = 0; i < bits; i++) sum |= (end >> (1 + 2 * i) & 1) << i;
                Assert.Equal(a + b, sum | (end >> (2 * bits + 1) & 1) << bits);
            }
    }

    [Fact]
    public void AnsaetzeHaveTheirGates()
    {
        Assert.Equal(2 * (6 * 2 + 5), CircuitFamilies.Vqe(6, 2, 1).Instructions.Count);
        Circuit qaoa = CircuitFamilies.Qaoa(10, 1, 1);
        int pairs = qaoa.Instructions.AsEnumerable().Count(i => i is Instruction.Apply { Gate.Name: "rzz" });
        Assert.InRange(pairs, 8, 15);
        Assert.Equal(20 + pairs, qaoa.Instructions.Count);
    }

    [Fact]
    public void OptimisationShortensThem()
    {
        Target line = Target.Of(8, Target.Ideal(8).Basis, [.. Enumerable.Range(0, 7).SelectMany(q => new[] { (q, q + 1), (q + 1, q) })]);
        foreach (Circuit circuit in new[] { CircuitFamilies.Qft(6), CircuitFamilies.Adder(3), CircuitFamilies.Qaoa(8, 1, 1) })
        {
            CircuitCost plain = Transpiler.Run(circuit, line, new TranspileOptions(0)).Cost, made = Transpiler.Run(circuit, line).Cost;
            Assert.True(made.TwoQubit < plain.TwoQubit && made.Depth < plain.Depth, $"{plain} and {made}");
        }
    }
}
