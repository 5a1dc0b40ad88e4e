using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.CompVqc;

/// <summary>The trained part of a circuit: gates with one parameter for each of their angles, numbered from a first one on.</summary>
public static class Ansatz
{
    /// <summary>The gates of so many blocks.</summary>
    /// <param name="first">The first parameter's number.</param>
    public static IEnumerable<Instruction> Gates(AnsatzKind kind, int qubits, int blocks, int first)
    {
        int next = first;
        for (int block = 0; block < blocks; block++)
            foreach ((Gate gate, bool ring) in Layers(kind))
                for (int q = 0; q < qubits; q++)
                {
                    if (ring && qubits == 2 && q == 1) continue;   // two qubits have one pair
                    Angle[] angles = [.. Enumerable.Range(next, gate.Parameters.Count).Select(Angle.Of)];
                    next += angles.Length;
                    yield return new Instruction.Apply(gate, [.. angles], ring ? [q, (q + 1) % qubits] : [q]);
                }
    }

    private static IEnumerable<(Gate Gate, bool Ring)> Layers(AnsatzKind kind) => kind switch
    {
        AnsatzKind.CompVqc =>
        [
            (StandardGates.Ry, false), (StandardGates.Cry, true), (StandardGates.Ry, false), (StandardGates.Rx, false), (StandardGates.Crx, true),
            (StandardGates.Rx, false), (StandardGates.Rz, false), (StandardGates.Crz, true), (StandardGates.Rz, false), (StandardGates.Crz, true),
        ],
        AnsatzKind.U3Cu3 => [(StandardGates.U3, false), (StandardGates.Cu3, true)],
        AnsatzKind.RyCry => [(StandardGates.Ry, false), (StandardGates.Cry, true)],
        AnsatzKind.ZzRy => [(StandardGates.Rzz, true), (StandardGates.Ry, false)],
        _ => [(StandardGates.Rx, false), (StandardGates.Ry, false), (StandardGates.Rz, false), (StandardGates.Cx, true)],
    };
}
