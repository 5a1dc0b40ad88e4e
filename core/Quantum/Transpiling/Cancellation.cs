using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Transpiling;

/// <summary>
/// Takes out gates that undo each other and adds up rotations about one axis, also where gates stand between them that commute with
/// them (equal axes on every qubit where they meet).
/// </summary>
public static class Cancellation
{
    private const int Window = 256;   // how far back a partner is looked for, so that time grows with the circuit's length alone
    private const double Nothing = 1e-11;

    public static Circuit Run(Circuit circuit)
    {
        var steps = new List<Instruction?>(circuit.Instructions.Count);
        Angle phase = circuit.Phase;
        foreach (Instruction instruction in circuit.Instructions)
        {
            steps.Add(instruction);
            if (instruction is Instruction.Apply apply) phase += Merge(steps, apply);
        }
        return circuit with { Instructions = [.. steps.OfType<Instruction>()], Phase = phase };
    }

    /// <summary>Merges the last step with a partner before it; what is left stands in the partner's place.</summary>
    private static Angle Merge(List<Instruction?> steps, Instruction.Apply last)
    {
        if (IsNothing(last, out Angle phase))
        {
            steps[^1] = null;
            return phase;
        }
        int stop = Math.Max(0, steps.Count - 1 - Window);
        for (int i = steps.Count - 2; i >= stop; i--)
        {
            if (steps[i] is not { } before || !Meet(before.Qubits, last.Qubits)) continue;
            if (before is Instruction.Apply partner && Together(partner, last) is { } both)
            {
                steps[^1] = null;
                if (both.Angles.Count > 0 && IsNothing(both, out phase)) steps[i] = null;
                else steps[i] = both.Angles.Count > 0 ? both : null;
                return phase;
            }
            if (!Commute(before, last)) return 0;
        }
        return 0;
    }

    /// <summary>Both as one gate; without angles: nothing is left of them. Null if they do not go together.</summary>
    private static Instruction.Apply? Together(Instruction.Apply a, Instruction.Apply b)
    {
        if (!SameQubits(a, b)) return null;
        if (a.Gate == b.Gate && a.Gate.Generator is not null) return b with { Angles = [a.Angles[0] + b.Angles[0]] };
        return a.Gate.Parameters.Count == 0 && a.Gate.Inverse is { Calls.Count: 1 } inverse && inverse.Calls[0].Gate == b.Gate ? b : null;
    }

    /// <summary>A rotation by a multiple of its period is a phase at most.</summary>
    private static bool IsNothing(Instruction.Apply apply, out Angle phase)
    {
        phase = 0;
        if (apply.Gate == StandardGates.Id) return true;
        if (apply.Gate.Generator is null || !apply.Angles[0].IsConstant) return false;
        double angle = apply.Angles[0].Offset, period = apply.Gate.Parameters[0].PeriodUpToPhase * Math.PI;
        if (Math.Abs(Math.IEEERemainder(angle, period)) > Nothing) return false;
        phase = apply.Gate.MatrixOf(angle)[0, 0].Phase;
        return true;
    }

    private static bool Commute(Instruction a, Instruction b)
    {
        if (a is not Instruction.Apply first || b is not Instruction.Apply second) return false;
        for (int i = 0; i < first.Qubits.Count; i++)
            for (int j = 0; j < second.Qubits.Count; j++)
                if (first.Qubits[i] == second.Qubits[j] && (first.Gate.Axes[i] == Axis.None || first.Gate.Axes[i] != second.Gate.Axes[j])) return false;
        return true;
    }

    private static bool SameQubits(Instruction.Apply a, Instruction.Apply b)
    {
        if (a.Qubits == b.Qubits) return true;
        return a.Qubits.Count == 2 && b.Qubits.Count == 2 && a.Qubits[0] == b.Qubits[1] && a.Qubits[1] == b.Qubits[0] && Symmetric(a.Gate) && a.Gate == b.Gate;
    }

    private static bool Symmetric(Gate gate) => gate.Name is "cz" or "cp" or "rzz" or "rxx" or "ryy" or "swap" or "iswap";

    private static bool Meet(ValueList<int> a, ValueList<int> b)
    {
        foreach (int x in a)
            foreach (int y in b)
                if (x == y) return true;
        return false;
    }
}
