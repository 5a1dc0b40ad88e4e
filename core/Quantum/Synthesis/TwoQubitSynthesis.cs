using System.Numerics;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Synthesis;

/// <summary>Makes any unitary of two qubits of the fewest CX and gates on single qubits.</summary>
public static class TwoQubitSynthesis
{
    /// <summary>The unitary as at most three CX between unitaries of one qubit.</summary>
    /// <param name="unitary">[4, 4].</param>
    /// <param name="first">Its lower bit.</param>
    /// <param name="second">Its higher bit.</param>
    public static Fragment Of(Matrix unitary, int first, int second)
    {
        WeylDecomposition wanted = WeylDecomposition.Of(unitary);
        int cx = wanted.CxCount();
        if (cx == 0)
        {
            // What little interaction is left belongs to nobody: the gates on single qubits say it all within the tolerance.
            return new Fragment([Gate(wanted.Left.First * wanted.Right.First, first), Gate(wanted.Left.Second * wanted.Right.Second, second)], wanted.Phase);
        }
        Instruction[] core = Core(cx, wanted.X, wanted.Y, wanted.Z);
        WeylDecomposition made = WeylDecomposition.Of(Simulation.ReferenceState.UnitaryOf(Circuit.Of(2, core)));
        List<Instruction> steps =
        [
            Gate(made.Right.First.Adjoint() * wanted.Right.First, first), Gate(made.Right.Second.Adjoint() * wanted.Right.Second, second),
            .. core.Select(step => On(step, first, second)),
            Gate(wanted.Left.First * made.Left.First.Adjoint(), first), Gate(wanted.Left.Second * made.Left.Second.Adjoint(), second),
        ];
        return new Fragment(steps, wanted.Phase - made.Phase);
    }

    /// <summary>A circuit on qubits 0 and 1 with this interaction but for gates on single qubits (three CX: Vatan and Williams 2004, figure 6).</summary>
    private static Instruction[] Core(int cx, double x, double y, double z) => cx switch
    {
        1 => [Cx(0, 1)],
        2 => [Cx(0, 1), Turn(StandardGates.Rx, -2 * x, 0), Turn(StandardGates.Rz, -2 * y, 1), Cx(0, 1)],
        _ => [Cx(1, 0), Turn(StandardGates.Rz, Math.PI / 2 - 2 * z, 0), Turn(StandardGates.Ry, 2 * x - Math.PI / 2, 1), Cx(0, 1), Turn(StandardGates.Ry, Math.PI / 2 - 2 * y, 1), Cx(1, 0)],
    };

    private static Instruction Cx(int control, int target) => new Instruction.Apply(StandardGates.Cx, [], [control, target]);

    private static Instruction Turn(Gate gate, double angle, int qubit) => new Instruction.Apply(gate, [angle], [qubit]);

    private static Instruction Gate(Matrix matrix, int qubit) => new Instruction.Unitary(matrix, [qubit]);

    private static Instruction On(Instruction step, int first, int second)
    {
        var apply = (Instruction.Apply)step;
        return apply with { Qubits = [.. apply.Qubits.AsEnumerable().Select(q => q == 0 ? first : second)] };
    }
}
