using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Qasm;

internal enum ModifierKind { Control, NegativeControl, Inverse, Power }

/// <summary>ctrl(n) @, negctrl(n) @, inv @ or pow(k) @ before a gate.</summary>
/// <param name="Count">How many controls.</param>
/// <param name="Exponent">Of a power.</param>
internal readonly record struct Modifier(ModifierKind Kind, int Count, double Exponent)
{
    /// <summary>Qubits that it asks for besides the gate's own.</summary>
    public int Controls => Kind is ModifierKind.Control or ModifierKind.NegativeControl ? Count : 0;

    /// <summary>How many times as many instructions there may be behind it.</summary>
    public long Growth => Kind == ModifierKind.Power ? Math.Max(1, (long)Math.Abs(Exponent)) : 1;

    /// <summary>The gate called on qubits, controls first, as the modifiers change it; the first one is applied last.</summary>
    public static Fragment Apply(Callee callee, ReadOnlySpan<Modifier> modifiers, ValueList<Angle> angles, ReadOnlySpan<int> qubits)
    {
        if (modifiers.Length == 0) return callee.On(angles, ValueList.Create(qubits));
        Modifier first = modifiers[0];
        if (first.Kind == ModifierKind.Power && first.Exponent != Math.Floor(first.Exponent)) return Root(callee, first.Exponent, modifiers[1..], angles, qubits);
        Fragment inner = Apply(callee, modifiers[1..], angles, qubits[first.Controls..]);
        return first.Kind switch
        {
            ModifierKind.Inverse => inner.Inverse(),
            ModifierKind.Power => inner.Power((int)first.Exponent),
            _ => Under(inner, qubits[..first.Controls], first.Kind == ModifierKind.NegativeControl),
        };
    }

    private static Fragment Under(Fragment inner, ReadOnlySpan<int> controls, bool negative)
    {
        Fragment made = inner;
        for (int i = controls.Length - 1; i >= 0; i--) made = made.Controlled(controls[i]);
        if (!negative) return made;
        Instruction[] flips = [.. controls.ToArray().Select(c => new Instruction.Apply(StandardGates.X, [], [c]))];
        return new Fragment([.. flips, .. made.Steps, .. flips], made.Phase);
    }

    /// <summary>A power that is no whole number: the angle of a rotation times the exponent.</summary>
    private static Fragment Root(Callee callee, double exponent, ReadOnlySpan<Modifier> rest, ValueList<Angle> angles, ReadOnlySpan<int> qubits)
    {
        if (rest.Length == 0 && callee is Callee.Standard standard)
        {
            ValueList<int> on = ValueList.Create(qubits);
            if (standard.Gate.Generator is not null) return Fragment.Of(standard.Gate, [exponent * angles[0]], on);
            if (Turn(standard.Gate) is { } turn)
            {
                bool sideways = standard.Gate == StandardGates.X || standard.Gate == StandardGates.Sx || standard.Gate == StandardGates.Sxdg;
                Instruction h = new Instruction.Apply(StandardGates.H, [], on), p = new Instruction.Apply(StandardGates.P, [exponent * turn], on);
                return new Fragment(sideways ? [h, p, h] : [p], 0);
            }
        }
        throw new NotSupportedException($"expected a whole number as the power of '{callee.Name}', got {exponent}; other powers are read of rotations and of x, z, s, t, sx");
    }

    /// <summary>The phase between a gate's two eigenstates, for those that are a p gate but for a change of basis.</summary>
    private static double? Turn(Gate gate) => gate.Name switch
    {
        "z" or "x" => Math.PI,
        "s" or "sx" => Math.PI / 2,
        "sdg" or "sxdg" => -Math.PI / 2,
        "t" => Math.PI / 4,
        "tdg" => -Math.PI / 4,
        _ => null,
    };
}
