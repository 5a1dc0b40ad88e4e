using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;
using Hone.Quantum.Synthesis;

namespace Hone.Quantum.Simulation.Engine;

/// <summary>
/// A circuit made ready for the fast engines: every gate becomes turns, controlled turns, flips and parities; turns of one qubit that
/// nothing parts are one step; swaps only rename qubits. Global phases are left out: no expectation and no probability sees them.
/// </summary>
internal sealed class Plan
{
    private readonly List<Step> _steps = [];
    private readonly int[] _place;             // [circuit qubit] -> the engine's, as swaps have left it
    private readonly Step?[] _open;            // [engine qubit] -> the last step on it, if turns may still join it

    private Plan(Circuit circuit)
    {
        (Qubits, Parameters) = (circuit.Qubits, circuit.Parameters.Count);
        _place = [.. Enumerable.Range(0, circuit.Qubits)];
        _open = new Step?[circuit.Qubits];
        foreach (Instruction instruction in circuit.Instructions) Add(instruction);
    }

    public int Qubits { get; }

    public int Parameters { get; }

    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>Where each of the circuit's qubits is at the end.</summary>
    public ReadOnlySpan<int> Places => _place;

    /// <exception cref="HoneException">The circuit does more than gates.</exception>
    public static Plan Of(Circuit circuit) => new(circuit);

    private void Add(Instruction instruction)
    {
        switch (instruction)
        {
            case Instruction.Barrier: break;
            case Instruction.Apply apply:
                Add(apply);
                break;
            case Instruction.Unitary { Qubits.Count: 1 } unitary:
                Turn(unitary.Qubits[0], Factor.Of(Su2.Of(unitary.Matrix).Special));
                break;
            case Instruction.Unitary { Qubits.Count: 2 } unitary:
                foreach (Instruction step in TwoQubitSynthesis.Of(unitary.Matrix, unitary.Qubits[0], unitary.Qubits[1]).Steps) Add(step);
                break;
            default:
                throw new HoneException($"expected gates on one and two qubits, got {instruction.GetType().Name.ToLowerInvariant()} on {instruction.Qubits.Count}: the fast engines hold pure states, see Outcomes and Trajectory for the rest");
        }
    }

    private void Add(Instruction.Apply apply)
    {
        Gate gate = apply.Gate;
        if (gate == StandardGates.Id) return;
        if (gate == StandardGates.Swap) (_place[apply.Qubits[0]], _place[apply.Qubits[1]]) = (_place[apply.Qubits[1]], _place[apply.Qubits[0]]);
        else if (gate == StandardGates.Cx) Join(StepKind.Flip, apply.Qubits[1], apply.Qubits[0], default);
        else if (gate == StandardGates.Rzz) Join(StepKind.Parity, apply.Qubits[0], apply.Qubits[1], new Factor(Pauli.Z, apply.Angles[0], null));
        else if (gate == StandardGates.Crz) Parity(apply.Qubits, apply.Angles[0]);
        else if (gate == StandardGates.Cp) ControlledPhase(apply.Qubits, apply.Angles[0]);
        else if (gate == StandardGates.Cz) ControlledPhase(apply.Qubits, Math.PI);
        else if (AxisOf(gate) is { } axis) Turn(apply.Qubits[0], new Factor(axis, apply.Angles[0], null));
        else if (gate == StandardGates.Crx || gate == StandardGates.Cry) Join(StepKind.ControlledTurn, apply.Qubits[1], apply.Qubits[0], new Factor(AxisOf(gate.Target!)!.Value, apply.Angles[0], null));
        else if (gate.Rotations is { } rotations) AddAll(Fragment.Of(rotations, apply.Angles, apply.Qubits));
        else if (gate.Qubits == 1) Turn(apply.Qubits[0], Factor.Of(Su2.Of(gate.MatrixOf()).Special));
        else AddAll(Fragment.Of(gate.Definition!, apply.Angles, apply.Qubits));
    }

    private void AddAll(Fragment fragment)
    {
        foreach (Instruction step in fragment.Steps) Add(step);
    }

    private static Pauli? AxisOf(Gate gate) => gate.Name switch { "rx" => Pauli.X, "ry" => Pauli.Y, "rz" or "p" => Pauli.Z, _ => null };

    /// <summary>crz(t) is rz(t/2) on the target and exp(i t/4 ZZ).</summary>
    private void Parity(ValueList<int> qubits, Angle angle)
    {
        Turn(qubits[1], new Factor(Pauli.Z, 0.5 * angle, null));
        Join(StepKind.Parity, qubits[0], qubits[1], new Factor(Pauli.Z, -0.5 * angle, null));
    }

    /// <summary>cp(t) is rz(t/2) on the control and crz(t).</summary>
    private void ControlledPhase(ValueList<int> qubits, Angle angle)
    {
        Turn(qubits[0], new Factor(Pauli.Z, 0.5 * angle, null));
        Parity(qubits, angle);
    }

    private void Turn(int qubit, Factor factor)
    {
        int place = _place[qubit];
        if (_open[place] is not { Kind: StepKind.Turn } step)
        {
            step = new Step(StepKind.Turn, place, -1, []);
            _steps.Add(step);
            _open[place] = step;
        }
        step.Factors.Add(factor);
    }

    /// <summary>A step on two qubits; a controlled turn joins the one before it if that is on the same two.</summary>
    private void Join(StepKind kind, int qubit, int other, Factor factor)
    {
        (int q, int o) = (_place[qubit], _place[other]);
        if (kind == StepKind.ControlledTurn && _open[q] is { Kind: StepKind.ControlledTurn } before && before == _open[o] && before.Qubit == q)
        {
            before.Factors.Add(factor);
            return;
        }
        var step = new Step(kind, q, o, kind == StepKind.Flip ? [] : [factor]);
        _steps.Add(step);
        _open[q] = _open[o] = step;
    }
}
