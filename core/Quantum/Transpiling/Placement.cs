using Hone.Model;
using Hone.Quantum.Circuits;

namespace Hone.Quantum.Transpiling;

/// <summary>Puts instructions on other qubits.</summary>
internal static class Placement
{
    /// <summary>The instruction with each qubit at its place.</summary>
    /// <param name="places">[qubit] -> place.</param>
    public static Instruction Moved(Instruction instruction, int[] places)
    {
        ValueList<int> qubits = instruction.Qubits.AsEnumerable().Select(q => places[q]).ToValueList();
        return instruction switch
        {
            Instruction.Measure measure => measure with { Qubit = qubits[0], Qubits = qubits },
            Instruction.Reset reset => reset with { Qubit = qubits[0], Qubits = qubits },
            Instruction.When conditional => conditional with { Body = Moved(conditional.Body, places), Qubits = qubits },
            _ => instruction with { Qubits = qubits },
        };
    }
}
