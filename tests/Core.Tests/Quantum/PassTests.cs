using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Simulation;
using Hone.Quantum.Transpiling;

namespace Hone.Core.Tests.Quantum;

/// <summary>Every pass leaves a circuit's unitary as it was, phase included.</summary>
public class PassTests
{
    private static readonly ValueList<Gate>[] Bases =
    [
        [StandardGates.Cx, StandardGates.Id, StandardGates.Rz, StandardGates.Sx, StandardGates.X],
        [StandardGates.Cz, StandardGates.Rz, StandardGates.Sx, StandardGates.X],
        [StandardGates.Ecr, StandardGates.Rz, StandardGates.Sx],
        [StandardGates.Cx, StandardGates.U3],
    ];

    [Fact]
    public void Unrolling() => Keeps(Unroll.Run, c => Assert.All(c.Instructions.AsEnumerable(), i => Assert.InRange(i.Qubits.Count, 1, 2)));

    [Fact]
    public void CancellingWhatUndoesItself() => Keeps(Cancellation.Run, _ => { });

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void TranslatingToABasis(int basis) => Keeps(c => new BasisTranslation(Ideal(basis)).Run(Unroll.Run(c)), c => InBasis(c, basis));

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void TranslatingFreeParameters(int basis)
    {
        double[] values = [0.3, -1.7, 2.9];
        for (ulong seed = 0; seed < 60; seed++)
        {
            Circuit circuit = RandomCircuits.Draw(seed, 3, 12, parameters: 3);
            Circuit made = new BasisTranslation(Ideal(basis)).Run(Unroll.Run(circuit));
            InBasis(made, basis);
            Same(circuit.Bind(values), made.Bind(values), seed);
        }
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void MakingRunsOnOneQubitAnew(int basis) => Keeps(c => new OneQubitResynthesis(Ideal(basis)).Run(new BasisTranslation(Ideal(basis)).Run(Unroll.Run(c))), c => InBasis(c, basis));

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void MakingBlocksOfTwoQubitsAnew(int basis) => Keeps(c => new BlockResynthesis(Ideal(basis)).Run(Unroll.Run(c)), _ => { });

    [Fact]
    public void AGateWithOneDirectionIsTurnedWhereNeeded()
    {
        Target oneWay = Target.Of(3, Bases[0], [(1, 0), (1, 2)]);
        for (ulong seed = 0; seed < 40; seed++)
        {
            Circuit circuit = RandomCircuits.Draw(seed, 3, 15, only: g => g.Qubits == 2);
            Circuit meeting = circuit with { Instructions = circuit.Instructions.AsEnumerable().Where(i => oneWay.Meet(i.Qubits[0], i.Qubits[1])).ToValueList() };
            Circuit made = new BasisTranslation(oneWay).Run(meeting);
            Assert.All(made.Instructions.AsEnumerable().Where(i => i.Qubits.Count == 2), i => Assert.True(oneWay.Runs(i.Qubits[0], i.Qubits[1])));
            Same(meeting, made, seed);
        }
    }

    private static Target Ideal(int basis) => Target.Of(4, Bases[basis]);

    private static void InBasis(Circuit circuit, int basis) =>
        Assert.All(circuit.Instructions.AsEnumerable(), i => Assert.Contains(((Instruction.Apply)i).Gate, Bases[basis].AsEnumerable()));

    private static void Keeps(Func<Circuit, Circuit> pass, Action<Circuit> check)
    {
        for (ulong seed = 0; seed < 80; seed++)
        {
            Circuit circuit = RandomCircuits.Draw(seed, 1 + (int)(seed % 4), 5 + (int)(seed % 40));
            Circuit made = pass(circuit);
            check(made);
            Same(circuit, made, seed);
        }
    }

    private static void Same(Circuit expected, Circuit actual, ulong seed)
    {
        double distance = ReferenceState.UnitaryOf(expected).Distance(ReferenceState.UnitaryOf(actual));
        Assert.True(distance < 1e-8, $"seed {seed}: {distance}");
    }
}
