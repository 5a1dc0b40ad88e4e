using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Qasm;

/// <summary>What a gate's name stands for in a text.</summary>
/// <param name="Size">How many instructions a call becomes.</param>
internal abstract record Callee(string Name, int Parameters, int Qubits, long Size)
{
    /// <summary>The call spelt out.</summary>
    public abstract Fragment On(ValueList<Angle> angles, ValueList<int> qubits);

    /// <summary>A gate of the table.</summary>
    public sealed record Standard(string Name, Gate Gate) : Callee(Name, Gate.Parameters.Count, Gate.Qubits, 1)
    {
        public override Fragment On(ValueList<Angle> angles, ValueList<int> qubits) => Fragment.Of(Gate, angles, qubits);
    }

    /// <summary>OpenQASM 3's global phase.</summary>
    public sealed record GlobalPhase() : Callee("gphase", 1, 0, 1)
    {
        public override Fragment On(ValueList<Angle> angles, ValueList<int> qubits) => new([], angles[0]);
    }

    /// <summary>OpenQASM 3's U, which is the table's u3 with half its first angle as a phase (OpenQASM 3 specification, built-in gates).</summary>
    public sealed record PhasedU() : Callee("U", 3, 1, 1)
    {
        public override Fragment On(ValueList<Angle> angles, ValueList<int> qubits) => Fragment.Of(StandardGates.U3, angles, qubits) with { Phase = 0.5 * angles[0] };
    }

    /// <summary>A gate that the text defines.</summary>
    public sealed record Defined(string Name, int Parameters, int Qubits, IReadOnlyList<Call> Calls, long Size) : Callee(Name, Parameters, Qubits, Size)
    {
        public override Fragment On(ValueList<Angle> angles, ValueList<int> qubits)
        {
            var steps = new List<Instruction>();
            Angle phase = 0;
            foreach (Call call in Calls)
            {
                Fragment made = call.On(angles, qubits);
                steps.AddRange(made.Steps);
                phase += made.Phase;
            }
            return new Fragment(steps, phase);
        }
    }

    /// <summary>A gate that the text declares and does not define.</summary>
    public sealed record Opaque(string Name, int Parameters, int Qubits) : Callee(Name, Parameters, Qubits, 1)
    {
        public override Fragment On(ValueList<Angle> angles, ValueList<int> qubits) => throw new NotSupportedException($"expected a gate with a definition, got '{Name}', which is declared opaque");
    }
}

/// <summary>A call inside a definition: its qubits are the definition's, its angles in the definition's parameters. A call of nothing is a barrier.</summary>
internal sealed record Call(Callee? Callee, ValueList<Modifier> Modifiers, ValueList<Angle> Angles, ValueList<int> Qubits)
{
    /// <summary>The call where the definition's parameters and qubits are these.</summary>
    public Fragment On(ValueList<Angle> angles, ValueList<int> qubits)
    {
        ValueList<int> own = Qubits.AsEnumerable().Select(q => qubits[q]).ToValueList();
        return Callee is null ? new Fragment([new Instruction.Barrier(own)], 0)
            : Modifier.Apply(Callee, Modifiers.Span, Angles.AsEnumerable().Select(a => a.With(angles.Span)).ToValueList(), own.Span);
    }
}
