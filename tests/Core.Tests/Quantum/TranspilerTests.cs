using System.Numerics;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Simulation;
using Hone.Quantum.Transpiling;

namespace Hone.Core.Tests.Quantum;

/// <summary>A transpiled circuit is the circuit, under where its qubits begin and end.</summary>
public class TranspilerTests
{
    private static readonly (int, int)[] Line = [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2), (3, 4), (4, 3)], Tee = [(0, 1), (1, 2), (1, 3), (3, 4)];

    public static TheoryData<int, string> Levels => new(from level in new[] { 0, 1, 2, 3 } from basis in new[] { "line cx", "tee ecr", "line cz" } select (level, basis));

    [Theory, MemberData(nameof(Levels))]
    public void ItSaysTheSameWithinTheTargetsMeans(int level, string name)
    {
        Target target = Of(name);
        for (ulong seed = 0; seed < 25; seed++)
        {
            Circuit circuit = RandomCircuits.Draw(seed, 2 + (int)(seed % 4), 25);
            Transpiled made = Transpiler.Run(circuit, target, new TranspileOptions(level, seed));
            foreach (Instruction instruction in made.Circuit.Instructions)
            {
                Assert.True(target.Has(((Instruction.Apply)instruction).Gate));
                if (instruction.Qubits.Count == 2) Assert.True(target.Runs(instruction.Qubits[0], instruction.Qubits[1]));
            }
            Same(circuit, made, $"level {level}, {name}, seed {seed}");
        }
    }

    [Fact]
    public void EachLevelIsNoWorseThanTheOneBeforeOnTheMean()
    {
        double[] twoQubit = new double[4], depth = new double[4];
        for (ulong seed = 0; seed < 20; seed++)
        {
            Circuit circuit = RandomCircuits.Draw(seed, 5, 40);
            for (int level = 0; level <= 3; level++)
            {
                CircuitCost cost = Transpiler.Run(circuit, Of("line cx"), new TranspileOptions(level, seed)).Cost;
                twoQubit[level] += cost.TwoQubit;
                depth[level] += cost.Depth;
            }
        }
        for (int level = 1; level <= 3; level++)
            Assert.True(twoQubit[level] <= twoQubit[level - 1] && depth[level] <= depth[level - 1], $"{string.Join(" ", twoQubit)}; {string.Join(" ", depth)}");
    }

    [Fact]
    public void TheSameSeedGivesTheSameCircuit()
    {
        Circuit circuit = RandomCircuits.Draw(3, 5, 40);
        Assert.Equal(Transpiler.Run(circuit, Of("line cx")), Transpiler.Run(circuit, Of("line cx")));
    }

    [Fact]
    public void ACircuitThatFitsIsNotSwapped()
    {
        // A ring of four with one pair missing is a line, whatever its qubits are called.
        Circuit circuit = Circuit.Of(4, new[] { (2, 0), (0, 3), (3, 1) }.Select(p => new Instruction.Apply(StandardGates.Cx, [], [p.Item1, p.Item2])));
        Assert.Equal(3, Transpiler.Run(circuit, Of("line cx")).Cost.TwoQubit);
    }

    [Fact]
    public void TooManyQubitsAreRefused() =>
        Assert.Contains("at most 5 qubits", Assert.Throws<HoneException>(() => Transpiler.Run(RandomCircuits.Draw(0, 6, 5), Of("line cx"))).Message, StringComparison.Ordinal);

    [Fact]
    public void OnlyTheLargestPartOfAMapIsUsed()
    {
        Target broken = Target.Of(5, Bases.Cx, [(0, 1), (2, 3), (3, 4)]);
        Circuit circuit = RandomCircuits.Draw(1, 3, 20);
        Same(circuit, Transpiler.Run(circuit, broken, new TranspileOptions(0)), "trivial");
        Transpiled made = Transpiler.Run(circuit, broken);
        Assert.All(made.Initial.AsEnumerable(), p => Assert.InRange(p, 2, 4));
        Assert.Contains("do not hang together", Assert.Throws<HoneException>(() => Transpiler.Run(RandomCircuits.Draw(0, 4, 5), broken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MeasurementsResetsAndConditionsStayInTheirOrder()
    {
        Circuit circuit = Hone.Quantum.Qasm.QasmReader.Read("OPENQASM 3.0; include \"stdgates.inc\"; qubit[4] q; bit[4] c; h q[0]; cx q[0],q[3]; c[0] = measure q[0]; if (c[0]) { x q[2]; } reset q[0]; barrier q; cx q[1],q[2]; c[1] = measure q[2];");
        Circuit made = Transpiler.Run(circuit, Of("line cx")).Circuit;
        string kinds = string.Concat(made.Instructions.AsEnumerable().Where(i => i is not Instruction.Apply).Select(i => i.GetType().Name[0]));
        Assert.Contains(kinds, new[] { "MWRBM", "MRWBM" });   // the reset and the condition are on different qubits
        Assert.Equal(made, Hone.Quantum.Qasm.QasmReader.Read(Hone.Quantum.Qasm.QasmWriter.Write3(made)));
    }

    private static Target Of(string name) => name switch
    {
        "line cx" => Target.Of(5, Bases.Cx, Line),
        "tee ecr" => Target.Of(5, Bases.Ecr, Tee),
        _ => Target.Of(5, Bases.Cz, Line),
    };

    private static void Same(Circuit circuit, Transpiled made, string what)
    {
        Matrix source = ReferenceState.UnitaryOf(circuit), there = ReferenceState.UnitaryOf(made.Circuit);
        double worst = 0;
        for (int column = 0; column < source.Dimension; column++)
            for (int row = 0; row < source.Dimension; row++)
                worst = Math.Max(worst, (source[row, column] - there[Spread(row, made.Final), Spread(column, made.Initial)]).Magnitude);
        Assert.True(worst < 1e-7, $"{what}: {worst}");
    }

    private static int Spread(int index, ValueList<int> places)
    {
        int spread = 0;
        for (int q = 0; q < places.Count; q++) spread |= ((index >> q) & 1) << places[q];
        return spread;
    }
}
