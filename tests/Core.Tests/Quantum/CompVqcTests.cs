using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.CompVqc;
using Hone.Quantum.Gates;
using Hone.Quantum.Simulation;
using Hone.Quantum.Transpiling;

namespace Hone.Core.Tests.Quantum;

public class CompVqcTests
{
    /// <summary>The sheet's table of isolated gates: cx and sx or x, basis-change form.</summary>
    [Theory]
    [InlineData("rx", -1, 0, 2), InlineData("rx", 0, 0, 0), InlineData("rx", 1, 0, 1), InlineData("rx", 2, 0, 1), InlineData("rx", 3, 0, 1)]
    [InlineData("ry", -1, 0, 2), InlineData("ry", 0, 0, 0), InlineData("ry", 1, 0, 1), InlineData("ry", 2, 0, 1), InlineData("ry", 3, 0, 1)]
    [InlineData("rz", -1, 0, 0), InlineData("rz", 1, 0, 0)]
    [InlineData("crx", -1, 2, 2), InlineData("crx", 0, 0, 0), InlineData("crx", 1, 2, 2), InlineData("crx", 2, 1, 0), InlineData("crx", 4, 0, 0), InlineData("crx", 6, 1, 0)]
    [InlineData("cry", -1, 2, 2), InlineData("cry", 0, 0, 0), InlineData("cry", 2, 1, 0), InlineData("cry", 4, 0, 0), InlineData("cry", 6, 1, 0)]
    [InlineData("crz", -1, 2, 0), InlineData("crz", 0, 0, 0), InlineData("crz", 2, 1, 2), InlineData("crz", 4, 0, 0), InlineData("crz", 6, 1, 2)]
    public void TheTableOfACxMachineIsTheSheets(string name, int quarters, int cx, int turns) => Is(Bases.Cx, name, quarters, cx, turns);

    [Theory]
    [InlineData("crz", -1, 2, 4), InlineData("crz", 2, 1, 0), InlineData("crx", 2, 1, 2), InlineData("cry", 2, 1, 2), InlineData("crz", 4, 0, 0)]
    public void TheTableOfACzMachineIsTheSheets(string name, int quarters, int cz, int turns) => Is(Bases.Cz, name, quarters, cz, turns);

    [Theory]
    [InlineData("crz", -1, 2), InlineData("crx", -1, 2), InlineData("crz", 2, 1), InlineData("cry", 6, 1), InlineData("crx", 4, 0)]
    public void AnEcrMachineNeedsAsManyTwoQubitGatesAsACxMachine(string name, int quarters, int ecr) => Assert.Equal(ecr, Row(Bases.Ecr, name, quarters).Cost.TwoQubit);

    [Fact]
    public void ControlledRotationsHaveLevelsAtHalfTurnsOnlyAndAPeriodOfFour()
    {
        var table = new CompressionTable([StandardGates.Crx], Bases.Cx, new TranspileOptions());
        Assert.Equal((2, 0.3), Near(table, StandardGates.Crx, Math.PI + 0.3));
        Assert.Equal((4, 0.2), Near(table, StandardGates.Crx, -2 * Math.PI + 0.2));   // a Z on the control, not nothing
        Assert.Equal((0, 0.1), Near(table, StandardGates.Crx, 4 * Math.PI - 0.1));
        Assert.Equal((0, 1.57), Near(table, StandardGates.Crx, 1.57));
    }

    [Theory]
    [InlineData(AnsatzKind.CompVqc, 4, 40), InlineData(AnsatzKind.U3Cu3, 4, 24), InlineData(AnsatzKind.RyCry, 4, 8), InlineData(AnsatzKind.ZzRy, 4, 8), InlineData(AnsatzKind.HardwareEfficient, 4, 12), InlineData(AnsatzKind.RyCry, 2, 3)]
    public void AnAnsatzHasOneParameterForEachAngle(AnsatzKind kind, int qubits, int parameters)
    {
        int[] used = [.. Ansatz.Gates(kind, qubits, 2, first: 5).SelectMany(g => ((Instruction.Apply)g).Angles.AsEnumerable()).SelectMany(a => a.Terms.AsEnumerable()).Select(t => t.Parameter)];
        Assert.Equal(Enumerable.Range(5, 2 * parameters), used);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void AmplitudesAreTheFeatures(int qubits)
    {
        var chance = new Chance(4, Streams.Sampling);
        double[] features = [.. Enumerable.Range(0, 1 << qubits).Select(_ => chance.NextDouble() - 0.4)];
        double norm = Math.Sqrt(features.Sum(f => f * f));
        double[] angles = new double[Encoding.Inputs(EncodingKind.Amplitude, qubits, features.Length)];
        Encoding.Angles(EncodingKind.Amplitude, qubits, features, angles);
        Circuit circuit = Circuit.Of(qubits, Encoding.Gates(EncodingKind.Amplitude, qubits, features.Length)) with { Parameters = [.. angles.Select((_, i) => $"x{i}")] };
        ReferenceState state = ReferenceState.Of(circuit.Bind(angles));
        double sign = Math.Sign(state.Amplitudes[0].Real * features[0]);
        for (int i = 0; i < features.Length; i++) Assert.Equal(features[i] / norm, sign * state.Amplitudes[i].Real, 1e-12);
    }

    private static (int Quarters, double Distance) Near(CompressionTable table, Gate gate, double value)
    {
        var (level, distance) = table.Nearest(gate, 0, value)!.Value;
        return (level.Quarters, Math.Round(distance, 9));
    }

    private static void Is(ValueList<Gate> basis, string name, int quarters, int entanglers, int turns)
    {
        CompressionRow row = Row(basis, name, quarters);
        Assert.Equal((entanglers, turns), (row.Cost.TwoQubit, row.Cost.Turns));
    }

    private static CompressionRow Row(ValueList<Gate> basis, string name, int quarters) =>
        new CompressionTable([StandardGates.Find(name)!], basis, new TranspileOptions()).Rows.AsEnumerable().Single(r => r.Quarters == quarters);
}
