using System.Numerics;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Simulation;
using Hone.Quantum.Synthesis;

namespace Hone.Core.Tests.Quantum;

public class SynthesisTests
{
    [Fact]
    public void AnyGateOfOneQubitIsItsAngles()
    {
        for (ulong seed = 0; seed < 300; seed++)
        {
            Matrix unitary = ReferenceState.UnitaryOf(RandomCircuits.Draw(seed, 1, (int)(seed % 7)));
            Euler euler = Euler.Of(unitary);
            Matrix made = Complex.FromPolarCoordinates(1, euler.Phase) * StandardGates.U3.MatrixOf(euler.Theta, euler.Phi, euler.Lambda);
            Assert.InRange(unitary.Distance(made), 0, 1e-13);
        }
    }

    [Fact]
    public void AnyGateOfTwoQubitsIsItsPlaceInTheChamber()
    {
        for (ulong seed = 0; seed < 400; seed++)
        {
            Matrix unitary = ReferenceState.UnitaryOf(RandomCircuits.Draw(seed, 2, (int)(seed % 20)));
            WeylDecomposition weyl = WeylDecomposition.Of(unitary);
            Assert.True(weyl.X <= Math.PI / 4 + 1e-12 && weyl.X >= weyl.Y - 1e-12 && weyl.Y >= Math.Abs(weyl.Z) - 1e-12, $"{seed}: {weyl.X} {weyl.Y} {weyl.Z}");
            Matrix made = Complex.FromPolarCoordinates(1, weyl.Phase) * (weyl.Left.First.Beside(weyl.Left.Second) * WeylDecomposition.Interaction(weyl.X, weyl.Y, weyl.Z) * weyl.Right.First.Beside(weyl.Right.Second));
            Assert.InRange(unitary.Distance(made), 0, 1e-12);
        }
    }

    [Theory]
    [InlineData("cx", 1), InlineData("cz", 1), InlineData("ecr", 1), InlineData("cy", 1), InlineData("swap", 3), InlineData("iswap", 2)]
    [InlineData("crx", 2), InlineData("cry", 2), InlineData("crz", 2), InlineData("cp", 2), InlineData("rzz", 2), InlineData("cu3", 2), InlineData("csx", 2)]
    public void AGateNeedsAsManyCxAsItsInteractionSays(string name, int expected)
    {
        Gate gate = StandardGates.Find(name)!;
        Matrix matrix = gate.MatrixOf([.. Enumerable.Range(0, gate.Parameters.Count).Select(i => 0.7 + 0.3 * i)]);
        Assert.Equal(expected, WeylDecomposition.Of(matrix).CxCount());
        Assert.Equal(expected, TwoQubitSynthesis.Of(matrix, 0, 1).Steps.Count(s => s is Instruction.Apply { Gate.Qubits: 2 }));
    }

    [Theory]
    [InlineData("crx", Math.PI, 1), InlineData("crz", Math.PI, 1), InlineData("crz", 3 * Math.PI, 1), InlineData("crz", 2 * Math.PI, 0), InlineData("cry", 0, 0), InlineData("cp", Math.PI, 1)]
    public void EigenphasesSayHowManyCxAControlledGateNeeds(string name, double angle, int expected) =>
        Assert.Equal(expected, WeylDecomposition.Of(StandardGates.Find(name)!.MatrixOf(angle)).CxCount());

    [Fact]
    public void AnyGateOfTwoQubitsIsMadeOfItsCx()
    {
        for (ulong seed = 0; seed < 400; seed++)
        {
            Matrix unitary = ReferenceState.UnitaryOf(RandomCircuits.Draw(seed, 2, (int)(seed % 20)));
            Fragment made = TwoQubitSynthesis.Of(unitary, 0, 1);
            Assert.InRange(unitary.Distance(ReferenceState.UnitaryOf(Circuit.Of(2, made.Steps) with { Phase = made.Phase })), 0, 1e-8);
        }
    }
}
