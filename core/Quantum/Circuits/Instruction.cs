using Hone.Model;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Circuits;

/// <summary>One step of a circuit.</summary>
/// <param name="Qubits">The qubits that it touches, all different.</param>
public abstract record Instruction(ValueList<int> Qubits)
{
    /// <summary>The classical bits that it reads or writes.</summary>
    public IEnumerable<int> ClassicalBits() => this switch
    {
        Measure measure => [measure.Bit],
        When conditional => Enumerable.Range(conditional.FirstBit, conditional.Bits).Union(conditional.Body.ClassicalBits()),
        _ => [],
    };

    /// <summary>A gate of the table.</summary>
    /// <param name="Angles">One for each of the gate's parameters.</param>
    public sealed record Apply(Gate Gate, ValueList<Angle> Angles, ValueList<int> Qubits) : Instruction(Qubits)
    {
        /// <summary>Whether no angle needs a parameter.</summary>
        public bool IsConstant => Angles.AsEnumerable().All(a => a.IsConstant);

        /// <summary>The gate's matrix at its angles, which must be constant.</summary>
        public Matrix Matrix() => Gate.MatrixOf([.. Angles.AsEnumerable().Select(a => a.Offset)]);

        public override string ToString() => $"{Gate.Name}{(Angles.Count == 0 ? "" : $"({string.Join(", ", Angles)})")} {string.Join(", ", Qubits)}";
    }

    /// <summary>Any unitary on at most four qubits.</summary>
    public sealed record Unitary(Matrix Matrix, ValueList<int> Qubits) : Instruction(Qubits);

    /// <summary>Measures a qubit into a classical bit.</summary>
    public sealed record Measure(int Qubit, int Bit) : Instruction([Qubit]);

    /// <summary>Puts a qubit back to |0>.</summary>
    public sealed record Reset(int Qubit) : Instruction([Qubit]);

    /// <summary>Nothing is moved across it.</summary>
    public sealed record Barrier(ValueList<int> Qubits) : Instruction(Qubits);

    /// <summary>Qubits wait.</summary>
    /// <param name="Samples">Whether the duration is in samples of the machine's clock (dt) instead of seconds.</param>
    public sealed record Delay(double Duration, bool Samples, ValueList<int> Qubits) : Instruction(Qubits);

    /// <summary>An instruction that happens where classical bits hold a value.</summary>
    /// <param name="FirstBit">The lowest of the bits.</param>
    /// <param name="Bits">How many there are; at most 63.</param>
    /// <param name="Value">What they must hold, the first bit the lowest.</param>
    public sealed record When(int FirstBit, int Bits, long Value, Instruction Body) : Instruction(Body.Qubits);
}
