using Hone.Model;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Circuits;

/// <summary>
/// A quantum circuit as data. Qubit 0 is the lowest bit of a basis state's number. Compares by value.
/// </summary>
/// <param name="QubitRegisters">Names of the qubits, in order and without gaps.</param>
/// <param name="BitRegisters">Names of the classical bits, likewise.</param>
/// <param name="Parameters">Names of the free parameters that angles refer to.</param>
/// <param name="Instructions">In time order.</param>
/// <param name="Phase">The global phase exp(i phase).</param>
public sealed record Circuit(
    ValueList<Register> QubitRegisters, ValueList<Register> BitRegisters, ValueList<string> Parameters,
    ValueList<Instruction> Instructions, Angle Phase)
{
    /// <summary>Instructions on so many qubits in one register q, without classical bits or parameters.</summary>
    public static Circuit Of(int qubits, IEnumerable<Instruction> instructions) =>
        new([new Register("q", 0, qubits)], [], [], instructions.ToValueList(), 0);

    public int Qubits => QubitRegisters.Count == 0 ? 0 : QubitRegisters[^1].First + QubitRegisters[^1].Size;

    public int Bits => BitRegisters.Count == 0 ? 0 : BitRegisters[^1].First + BitRegisters[^1].Size;

    /// <summary>The circuit with values in place of its parameters.</summary>
    public Circuit Bind(ReadOnlySpan<double> values)
    {
        if (values.Length != Parameters.Count) throw new ArgumentException($"the circuit has {Parameters.Count} parameters, got {values.Length} values", nameof(values));
        double[] all = values.ToArray();
        Instruction Bound(Instruction instruction) => instruction switch
        {
            Instruction.Apply apply => apply with { Angles = apply.Angles.AsEnumerable().Select(a => (Angle)a.At(all)).ToValueList() },
            Instruction.When conditional => conditional with { Body = Bound(conditional.Body) },
            _ => instruction,
        };
        return this with { Parameters = [], Instructions = Instructions.AsEnumerable().Select(Bound).ToValueList(), Phase = Phase.At(all) };
    }
}
