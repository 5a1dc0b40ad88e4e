using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Synthesis;

namespace Hone.Quantum.Transpiling;

/// <summary>
/// Says every gate in the target's own, one by one: two-qubit gates by their definitions down to cx, cx by the target's entangler in
/// the order in which it works, unitaries of one qubit by <see cref="OneQubitForm"/>.
/// </summary>
public sealed class BasisTranslation
{
    private readonly Target _target;
    private readonly OneQubitForm _form;

    /// <exception cref="HoneException">The basis cannot say all circuits.</exception>
    public BasisTranslation(Target target)
    {
        (_target, _form) = (target, new OneQubitForm(target));
        if (target.Entangler != StandardGates.Cx && target.Entangler != StandardGates.Cz && target.Entangler != StandardGates.Ecr)
            throw new HoneException($"expected cx, cz or ecr as the two-qubit gate of a basis, got {target.Entangler}");
    }

    public Circuit Run(Circuit circuit)
    {
        var steps = new List<Instruction>(2 * circuit.Instructions.Count);
        Angle phase = circuit.Phase;
        foreach (Instruction instruction in circuit.Instructions) phase += Say(instruction, steps);
        return circuit with { Instructions = [.. steps], Phase = phase };
    }

    private Angle Say(Instruction instruction, List<Instruction> steps)
    {
        switch (instruction)
        {
            case Instruction.Apply apply when Runs(apply):
                steps.Add(apply);
                return 0;
            case Instruction.Apply { Qubits.Count: 1 } apply:
                return Add(One(apply), steps);
            case Instruction.Apply apply when apply.Gate == StandardGates.Cx:
                return Spell(Entangled(apply.Qubits[0], apply.Qubits[1]), steps);
            case Instruction.Apply apply when apply.Gate == _target.Entangler && Symmetric(apply.Gate):
                steps.Add(apply with { Qubits = [apply.Qubits[1], apply.Qubits[0]] });
                return 0;
            case Instruction.Apply apply:
                return Spell(Fragment.Of(apply.Gate.Definition!, apply.Angles, apply.Qubits), steps);
            case Instruction.Unitary { Qubits.Count: 1 } unitary:
                return Add(_form.Of(unitary.Matrix, unitary.Qubits[0]), steps);
            case Instruction.Unitary unitary:
                return Spell(TwoQubitSynthesis.Of(unitary.Matrix, unitary.Qubits[0], unitary.Qubits[1], _target.Entangler), steps);
            case Instruction.When conditional:
                var body = new List<Instruction>();
                Say(conditional.Body, body);
                steps.AddRange(body.Select(b => conditional with { Body = b, Qubits = b.Qubits }));
                return 0;
            default:
                steps.Add(instruction);
                return 0;
        }
    }

    private Angle Spell(Fragment fragment, List<Instruction> steps)
    {
        Angle phase = fragment.Phase;
        foreach (Instruction step in fragment.Steps) phase += Say(step, steps);
        return phase;
    }

    private static Angle Add(Fragment fragment, List<Instruction> steps)
    {
        steps.AddRange(fragment.Steps);
        return fragment.Phase;
    }

    private bool Runs(Instruction.Apply apply) => _target.Has(apply.Gate) && (apply.Qubits.Count == 1 || _target.Runs(apply.Qubits[0], apply.Qubits[1]));

    private Fragment One(Instruction.Apply apply)
    {
        if (apply.IsConstant)
            return _form.Of(apply.Matrix(), apply.Qubits[0]);
        if (apply.Gate == StandardGates.U3) return _form.Of(apply.Angles[0], apply.Angles[1], apply.Angles[2], apply.Qubits[0]);
        if (apply.Gate == StandardGates.P && _target.Has(StandardGates.Rz))
            return Fragment.Of(StandardGates.Rz, apply.Angles, apply.Qubits) with { Phase = 0.5 * apply.Angles[0] };
        Fragment spelt = Fragment.Of(apply.Gate.Definition!, apply.Angles, apply.Qubits);
        Fragment inner = One((Instruction.Apply)spelt.Steps[0]);   // gates of one qubit are defined by one other each
        return inner with { Phase = inner.Phase + spelt.Phase };
    }

    private Fragment Entangled(int control, int target)
    {
        Gate entangler = _target.Entangler;
        if (!_target.Runs(control, target) && !Symmetric(entangler))
        {
            if (!_target.Runs(target, control)) throw new ArgumentException($"qubits {control} and {target} do not meet on {_target.Name}: route the circuit first");
            Instruction[] around = [Gate(StandardGates.H, control), Gate(StandardGates.H, target)];
            return new Fragment([.. around, Gate(StandardGates.Cx, target, control), .. around], 0);
        }
        if (entangler == StandardGates.Cz)
            return new Fragment([Gate(StandardGates.H, target), _target.Runs(control, target) ? Gate(StandardGates.Cz, control, target) : Gate(StandardGates.Cz, target, control), Gate(StandardGates.H, target)], 0);
        return new Fragment([Gate(StandardGates.Sdg, control), Gate(StandardGates.Sxdg, target), Gate(StandardGates.Ecr, control, target), Gate(StandardGates.X, control)], Math.PI / 4);
    }

    private static Instruction Gate(Gate gate, params ReadOnlySpan<int> qubits) => new Instruction.Apply(gate, [], ValueList.Create(qubits));

    private static bool Symmetric(Gate gate) => gate == StandardGates.Cz;
}
