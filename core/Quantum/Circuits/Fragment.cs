using System.Numerics;
using Hone.Model;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Circuits;

/// <summary>Gates in time order with a global phase, and what can be made of them: inverses, powers, controlled forms.</summary>
/// <param name="Steps">Gates, unitaries and barriers alone.</param>
public sealed record Fragment(IReadOnlyList<Instruction> Steps, Angle Phase)
{
    /// <summary>One gate.</summary>
    public static Fragment Of(Gate gate, ValueList<Angle> angles, ValueList<int> qubits) => new([new Instruction.Apply(gate, angles, qubits)], 0);

    /// <summary>A gate's definition (or inverse) laid on qubits, with angles in place of its parameters.</summary>
    public static Fragment Of(GateBody body, ValueList<Angle> angles, ValueList<int> qubits) => new(
        [.. body.Calls.AsEnumerable().Select(call => new Instruction.Apply(call.Gate,
            call.Angles.AsEnumerable().Select(a => a.With(angles.Span)).ToValueList(),
            call.Qubits.AsEnumerable().Select(q => qubits[q]).ToValueList()))],
        body.Phase.With(angles.Span));

    /// <summary>The steps backwards, each undone.</summary>
    public Fragment Inverse()
    {
        var steps = new List<Instruction>();
        Angle phase = -Phase;
        foreach (Instruction step in Steps.Reverse())
        {
            Fragment undone = Undo(step);
            steps.AddRange(undone.Steps);
            phase += undone.Phase;
        }
        return new Fragment(steps, phase);
    }

    /// <summary>The steps where <paramref name="control"/> is 1, nothing where it is 0; the phase becomes a gate on the control.</summary>
    /// <exception cref="NotSupportedException">A unitary on four qubits would have one more.</exception>
    public Fragment Controlled(int control)
    {
        var steps = new List<Instruction>();
        if (Phase != 0) steps.Add(new Instruction.Apply(StandardGates.P, [Phase], [control]));
        foreach (Instruction step in Steps) steps.AddRange(Controlled(step, control));
        return new Fragment(steps, 0);
    }

    /// <summary>The steps again and again; a negative count undoes them.</summary>
    public Fragment Power(int count)
    {
        Fragment once = count < 0 ? Inverse() : this;
        var steps = new List<Instruction>(once.Steps.Count * Math.Abs(count));
        for (int i = 0; i < Math.Abs(count); i++) steps.AddRange(once.Steps);
        return new Fragment(steps, Math.Abs(count) * once.Phase);
    }

    private static Fragment Undo(Instruction step) => step switch
    {
        Instruction.Apply { Gate.Inverse: { } inverse } apply => Of(inverse, apply.Angles, apply.Qubits),
        Instruction.Apply apply => Of(apply.Gate.Definition!, apply.Angles, apply.Qubits).Inverse(),
        Instruction.Unitary unitary => new Fragment([unitary with { Matrix = unitary.Matrix.Adjoint() }], 0),
        Instruction.Barrier => new Fragment([step], 0),
        _ => throw new ArgumentException($"expected gates, got {step.GetType().Name}"),
    };

    private static IEnumerable<Instruction> Controlled(Instruction step, int control)
    {
        if (step is Instruction.Barrier) return [step];
        if (step is Instruction.Unitary unitary)
            return unitary.Qubits.Count < 4 ? [new Instruction.Unitary(unitary.Matrix.Controlled(), [control, .. unitary.Qubits])]
                : throw new NotSupportedException("a control on a unitary of four qubits would make it one of five; at most four are held");
        var apply = (Instruction.Apply)step;
        return StandardGates.WithControl(apply.Gate) is { } gate
            ? [new Instruction.Apply(gate, apply.Angles, [control, .. apply.Qubits])]
            : Of(apply.Gate.Definition!, apply.Angles, apply.Qubits).Controlled(control).Steps;
    }
}
