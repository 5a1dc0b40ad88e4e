using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Transpiling;

/// <summary>
/// Makes each run of gates on one qubit the shortest of its kind. What commutes with a gate on two qubits goes on behind it (turns about z
/// on a control, about x on a target), so that runs on both sides become one; turns about z before a measurement are left out.
/// </summary>
public sealed class OneQubitResynthesis(Target target)
{
    private readonly OneQubitForm _form = new(target);

    public Circuit Run(Circuit circuit)
    {
        var steps = new List<Instruction>(circuit.Instructions.Count);
        Matrix?[] pending = new Matrix?[circuit.Qubits];
        Angle phase = circuit.Phase;
        foreach (Instruction instruction in circuit.Instructions)
        {
            if (MatrixOf(instruction) is { } matrix)
            {
                int qubit = instruction.Qubits[0];
                pending[qubit] = pending[qubit] is { } before ? matrix * before : matrix;
                continue;
            }
            for (int i = 0; i < instruction.Qubits.Count; i++) phase += Before(instruction, i, pending, steps);
            steps.Add(instruction);
        }
        for (int qubit = 0; qubit < pending.Length; qubit++) phase += Flush(qubit, pending, steps);
        return circuit with { Instructions = [.. steps], Phase = phase };
    }

    /// <summary>Writes what is pending on an instruction's qubit, but for what may go on behind it.</summary>
    private Angle Before(Instruction instruction, int place, Matrix?[] pending, List<Instruction> steps)
    {
        int qubit = instruction.Qubits[place];
        if (pending[qubit] is not { } matrix) return 0;
        Axis axis = instruction is Instruction.Apply apply ? apply.Gate.Axes[place] : Axis.None;
        if (axis == Axis.X && CommutesWithX(matrix)) return 0;
        bool measured = instruction is Instruction.Measure;
        if (axis != Axis.Z && !measured) return Flush(qubit, pending, steps);
        Fragment form = _form.Of(matrix, qubit);
        bool trailing = form.Steps.Count > 0 && form.Steps[^1] is Instruction.Apply { Gate.IsDiagonal: true };
        steps.AddRange(trailing ? form.Steps.SkipLast(1) : form.Steps);
        pending[qubit] = trailing && !measured ? MatrixOf(form.Steps[^1]) : null;
        return form.Phase;
    }

    private Angle Flush(int qubit, Matrix?[] pending, List<Instruction> steps)
    {
        if (pending[qubit] is not { } matrix) return 0;
        pending[qubit] = null;
        Fragment form = _form.Of(matrix, qubit);
        steps.AddRange(form.Steps);
        return form.Phase;
    }

    private static Matrix? MatrixOf(Instruction instruction) => instruction switch
    {
        Instruction.Unitary { Qubits.Count: 1 } unitary => unitary.Matrix,
        Instruction.Apply { Qubits.Count: 1 } apply when apply.IsConstant => apply.Matrix(),
        _ => null,
    };

    private static bool CommutesWithX(Matrix m) => (m[0, 0] - m[1, 1]).Magnitude < 1e-13 && (m[0, 1] - m[1, 0]).Magnitude < 1e-13;
}
