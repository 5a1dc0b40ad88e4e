using System.Numerics;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Synthesis;

/// <summary>Makes any unitary of two qubits of the fewest CX and gates on single qubits, these as cheap as their freedom allows.</summary>
public static class TwoQubitSynthesis
{
    /// <summary>The unitary as at most three CX between unitaries of one qubit.</summary>
    /// <param name="unitary">[4, 4].</param>
    /// <param name="first">Its lower bit.</param>
    /// <param name="second">Its higher bit.</param>
    /// <param name="entangler">What each CX will be made of: cx, cz or ecr; gates on single qubits are chosen to go well with it.</param>
    public static Fragment Of(Matrix unitary, int first, int second, Gate? entangler = null)
    {
        WeylDecomposition wanted = WeylDecomposition.Of(unitary);
        int cx = wanted.CxCount();
        if (cx == 0)
        {
            // What little interaction is left belongs to nobody: the gates on single qubits say it all within the tolerance.
            return new Fragment([Gate(wanted.Left.First * wanted.Right.First, first), Gate(wanted.Left.Second * wanted.Right.Second, second)], wanted.Phase);
        }
        Fragment? best = null;
        int least = int.MaxValue;
        foreach ((int control, Instruction[] core) in Cores(cx, wanted))
        {
            WeylDecomposition made = WeylDecomposition.Of(Simulation.ReferenceState.UnitaryOf(Circuit.Of(2, core)));
            (Matrix Before, Matrix After) low = (made.Right.First.Adjoint() * wanted.Right.First, wanted.Left.First * made.Left.First.Adjoint());
            (Matrix Before, Matrix After) high = (made.Right.Second.Adjoint() * wanted.Right.Second, wanted.Left.Second * made.Left.Second.Adjoint());
            Surroundings around = control == 0 ? new(low, high) : new(high, low);
            Gate machine = entangler ?? StandardGates.Cx;
            if (cx == 1) around = around.Cheapest(machine);
            int turns = around.Turns(machine);
            if (turns >= least) continue;
            least = turns;
            (int c, int t) = control == 0 ? (first, second) : (second, first);
            List<Instruction> steps = [Gate(around.Control.Before, c), Gate(around.Target.Before, t), .. core.Select(step => On(step, first, second)), Gate(around.Control.After, c), Gate(around.Target.After, t)];
            best = new Fragment(steps, wanted.Phase - made.Phase);
        }
        return best!;
    }

    /// <summary>Circuits on qubits 0 and 1 with the wanted interaction but for gates on single qubits (three CX: Vatan and Williams 2004, figure 6).</summary>
    private static IEnumerable<(int Control, Instruction[] Core)> Cores(int cx, WeylDecomposition wanted)
    {
        (double x, double y, double z) = (wanted.X, wanted.Y, wanted.Z);
        switch (cx)
        {
            case 1:
                yield return (0, [Cx(0, 1)]);
                yield return (1, [Cx(1, 0)]);
                break;
            case 2:
                foreach ((double a, double b) in new[] { (x, y), (y, x) })
                    foreach (int control in new[] { 0, 1 })
                        yield return (control, [Cx(control, 1 - control), Turn(StandardGates.Rx, -2 * a, control), Turn(StandardGates.Rz, -2 * b, 1 - control), Cx(control, 1 - control)]);
                break;
            default:
                yield return (1, [Cx(1, 0), Turn(StandardGates.Rz, Math.PI / 2 - 2 * z, 0), Turn(StandardGates.Ry, 2 * x - Math.PI / 2, 1), Cx(0, 1), Turn(StandardGates.Ry, Math.PI / 2 - 2 * y, 1), Cx(1, 0)]);
                break;
        }
    }

    private static Instruction Cx(int control, int target) => new Instruction.Apply(StandardGates.Cx, [], [control, target]);

    private static Instruction Turn(Gate gate, double angle, int qubit) => new Instruction.Apply(gate, [angle], [qubit]);

    private static Instruction Gate(Matrix matrix, int qubit) => new Instruction.Unitary(matrix, [qubit]);

    private static Instruction On(Instruction step, int first, int second)
    {
        var apply = (Instruction.Apply)step;
        return apply with { Qubits = [.. apply.Qubits.AsEnumerable().Select(q => q == 0 ? first : second)] };
    }
}
