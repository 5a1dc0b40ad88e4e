using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Simulation;

namespace Hone.Core.Tests.Quantum;

/// <summary>Every record of the gate table is held to the others.</summary>
public class GateTableTests
{
    public static TheoryData<string> Names => [.. StandardGates.All.AsEnumerable().Select(g => g.Name)];

    [Theory, MemberData(nameof(Names))]
    public void TheMatrixIsUnitary(string name)
    {
        Gate gate = StandardGates.Find(name)!;
        foreach (double[] angles in Angles(gate)) Assert.InRange(gate.MatrixOf(angles).UnitaryDefect(), 0, 1e-14);
    }

    [Theory, MemberData(nameof(Names))]
    public void TheDefinitionSaysTheSameAsTheMatrixPhaseIncluded(string name)
    {
        Gate gate = StandardGates.Find(name)!;
        if (gate.Definition is null)
        {
            Assert.True(gate == StandardGates.U3 || gate == StandardGates.Cx);
            return;
        }
        foreach (double[] angles in Angles(gate)) Same(gate.MatrixOf(angles), Spelt(gate.Definition, gate, angles));
    }

    [Theory, MemberData(nameof(Names))]
    public void GatesOfSeveralAnglesAreRotationsOfOneEach(string name)
    {
        Gate gate = StandardGates.Find(name)!;
        Assert.Equal(gate.Parameters.Count > 0 && gate.Generator is null, gate.Rotations is not null);
        if (gate.Rotations is null) return;
        Assert.All(gate.Rotations.Calls.AsEnumerable(), call => Assert.NotNull(call.Gate.Generator));
        foreach (double[] angles in Angles(gate)) Same(gate.MatrixOf(angles), Spelt(gate.Rotations, gate, angles));
    }

    [Theory, MemberData(nameof(Names))]
    public void TheInverseUndoesTheGate(string name)
    {
        Gate gate = StandardGates.Find(name)!;
        foreach (double[] angles in Angles(gate))
        {
            Fragment undone = Fragment.Of(gate, Constants(angles), Own(gate)).Inverse();
            Same(gate.MatrixOf(angles).Adjoint(), MatrixOf(undone, gate.Qubits));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void AControlledGateIsItsTargetUnderControls(string name)
    {
        Gate gate = StandardGates.Find(name)!;
        if (gate.Target is null) return;
        foreach (double[] angles in Angles(gate))
        {
            Matrix expected = gate.Target.MatrixOf(angles);
            for (int i = 0; i < gate.Controls; i++) expected = expected.Controlled();
            Same(expected, gate.MatrixOf(angles));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void AFragmentUnderAControlIsItsMatrixUnderAControl(string name)
    {
        Gate gate = StandardGates.Find(name)!;
        foreach (double[] angles in Angles(gate).Take(2))
        {
            var fragment = Fragment.Of(gate, Constants(angles), Own(gate).AsEnumerable().Select(q => q + 1).ToValueList());
            Same(gate.MatrixOf(angles).Controlled(), MatrixOf(fragment.Controlled(0), gate.Qubits + 1));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void AnglesHaveTheirPeriodsAndNoShorterOnes(string name)
    {
        Gate gate = StandardGates.Find(name)!;
        double[] angles = Angles(gate).Last();
        for (int i = 0; i < gate.Parameters.Count; i++)
        {
            Matrix start = gate.MatrixOf(angles);
            for (int halfTurns = 1; halfTurns <= 4; halfTurns++)
            {
                double[] shifted = [.. angles];
                shifted[i] += halfTurns * Math.PI;
                Matrix matrix = gate.MatrixOf(shifted);
                Assert.Equal(halfTurns % gate.Parameters[i].Period == 0, start.Distance(matrix) < 1e-12);
                Assert.Equal(halfTurns % gate.Parameters[i].PeriodUpToPhase == 0, start.DistanceUpToPhase(matrix) < 1e-12);
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void TheGeneratorIsTheMatrixsDerivative(string name)
    {
        Gate gate = StandardGates.Find(name)!;
        if (gate.Generator is null) return;
        const double t = 0.83, step = 1e-5;
        Matrix slope = 1 / (2 * step) * (gate.MatrixOf(t + step) + -1 * gate.MatrixOf(t - step));
        Matrix expected = -System.Numerics.Complex.ImaginaryOne * (gate.Generator * gate.MatrixOf(t));
        Assert.InRange(expected.Distance(slope), 0, 1e-9);
    }

    [Fact]
    public void AFullTurnOfAControlledRotationIsAZOnTheControl()
    {
        foreach (Gate gate in new[] { StandardGates.Crx, StandardGates.Cry, StandardGates.Crz })
        {
            Same(StandardGates.Z.MatrixOf().Beside(Matrix.Identity(2)), gate.MatrixOf(Math.Tau));
            Same(Matrix.Identity(4), gate.MatrixOf(2 * Math.Tau));
        }
    }

    [Fact]
    public void TheFirstQubitIsTheLowestBit()
    {
        // |01>, qubit 0 set: the control of cx is its first qubit, so qubit 1 is set too.
        var state = new ReferenceState(2, 0b01);
        state.Apply(StandardGates.Cx.MatrixOf(), [0, 1]);
        Assert.Equal([0, 0, 0, 1], state.Probabilities());
        var turned = new ReferenceState(2, 0b01);
        turned.Apply(StandardGates.Cx.MatrixOf(), [1, 0]);
        Assert.Equal([0, 1, 0, 0], turned.Probabilities());
    }

    [Fact]
    public void EveryGateIsReachedByItsNameAndItsOlderNames()
    {
        foreach (Gate gate in StandardGates.All) Assert.Same(gate, StandardGates.Find(gate.Name));
        Assert.Same(StandardGates.P, StandardGates.Find("u1"));
        Assert.Same(StandardGates.Cx, StandardGates.Find("CX"));
        Assert.Null(StandardGates.Find("nosuch"));
    }

    private static IEnumerable<double[]> Angles(Gate gate)
    {
        var chance = new Chance(7, Streams.Sampling);
        for (int i = 0; i < (gate.Parameters.Count == 0 ? 1 : 5); i++)
            yield return [.. Enumerable.Range(0, gate.Parameters.Count).Select(_ => (chance.NextDouble() - 0.5) * 12)];
    }

    private static Matrix Spelt(GateBody body, Gate gate, double[] angles) => MatrixOf(Fragment.Of(body, Constants(angles), Own(gate)), gate.Qubits);

    private static Matrix MatrixOf(Fragment fragment, int qubits) => ReferenceState.UnitaryOf(Circuit.Of(qubits, fragment.Steps) with { Phase = fragment.Phase });

    private static ValueList<Angle> Constants(double[] angles) => angles.Select(a => (Angle)a).ToValueList();

    private static ValueList<int> Own(Gate gate) => Enumerable.Range(0, gate.Qubits).ToValueList();

    private static void Same(Matrix expected, Matrix actual) => Assert.InRange(expected.Distance(actual), 0, 1e-13);
}
