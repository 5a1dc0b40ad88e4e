using System.Numerics;
using Hone.Quantum.Circuits;

namespace Hone.Quantum.Simulation;

/// <summary>
/// The slow, obvious simulator that judges the others: every gate is its matrix, applied to all amplitudes in turn.
/// Amplitude i is that of the basis state whose qubit q is bit q of i.
/// </summary>
public sealed class ReferenceState
{
    /// <summary>Beyond this the fast engines are meant.</summary>
    public const int MostQubits = 20;

    private readonly Complex[] _amplitudes;   // [2^n]

    /// <summary>|00..0> or another basis state on n qubits.</summary>
    public ReferenceState(int qubits, int basisState = 0)
    {
        if (qubits is < 0 or > MostQubits) throw new ArgumentOutOfRangeException(nameof(qubits), qubits, $"the reference holds 0 to {MostQubits} qubits");
        Qubits = qubits;
        _amplitudes = new Complex[1 << qubits];
        _amplitudes[basisState] = 1;
    }

    public int Qubits { get; }

    /// <summary>[2^n].</summary>
    public Span<Complex> Amplitudes => _amplitudes;

    /// <summary>The state after a circuit of gates alone, from |00..0>.</summary>
    public static ReferenceState Of(Circuit circuit)
    {
        var state = new ReferenceState(circuit.Qubits);
        state.Run(circuit);
        return state;
    }

    /// <summary>The unitary matrix [2^n, 2^n] of a circuit of gates alone, its phase included.</summary>
    public static Matrix UnitaryOf(Circuit circuit)
    {
        int d = 1 << circuit.Qubits;
        Complex[] all = new Complex[d * d];
        for (int column = 0; column < d; column++)
        {
            var state = new ReferenceState(circuit.Qubits, column);
            state.Run(circuit);
            for (int row = 0; row < d; row++) all[row * d + column] = state._amplitudes[row];
        }
        return new Matrix(d, all);
    }

    /// <summary>Applies a circuit of gates alone.</summary>
    /// <exception cref="ArgumentException">It has parameters, or it measures, resets or waits.</exception>
    public void Run(Circuit circuit)
    {
        if (circuit.Parameters.Count > 0) throw new ArgumentException($"expected a circuit without parameters, got {circuit.Parameters.Count}: bind them first", nameof(circuit));
        foreach (Instruction instruction in circuit.Instructions) Step(instruction);
        Complex phase = Complex.FromPolarCoordinates(1, circuit.Phase.Offset);
        foreach (ref Complex amplitude in _amplitudes.AsSpan()) amplitude *= phase;
    }

    /// <summary>Applies a gate, a unitary or a barrier.</summary>
    public void Step(Instruction instruction)
    {
        switch (instruction)
        {
            case Instruction.Apply apply:
                Apply(apply.Matrix(), apply.Qubits.Span);
                break;
            case Instruction.Unitary unitary:
                Apply(unitary.Matrix, unitary.Qubits.Span);
                break;
            case Instruction.Barrier: break;
            default: throw new ArgumentException($"expected gates alone, got {instruction.GetType().Name.ToLowerInvariant()}");
        }
    }

    /// <summary>Applies a matrix to qubits, the first of them being the lowest bit of the matrix's indices.</summary>
    public void Apply(Matrix matrix, ReadOnlySpan<int> qubits) => Apply(_amplitudes, matrix, qubits);

    /// <summary>Applies a matrix to qubits of any amplitudes [2^m].</summary>
    internal static void Apply(Span<Complex> amplitudes, Matrix matrix, ReadOnlySpan<int> qubits)
    {
        int mask = 0;
        foreach (int qubit in qubits) mask |= 1 << qubit;
        Complex[] old = new Complex[matrix.Dimension];
        for (int rest = 0; rest < amplitudes.Length; rest++)
        {
            if ((rest & mask) != 0) continue;
            for (int i = 0; i < old.Length; i++) old[i] = amplitudes[rest | Spread(i, qubits)];
            for (int row = 0; row < old.Length; row++)
            {
                Complex sum = 0;
                for (int column = 0; column < old.Length; column++) sum += matrix[row, column] * old[column];
                amplitudes[rest | Spread(row, qubits)] = sum;
            }
        }
    }

    /// <summary>A copy.</summary>
    public ReferenceState Clone()
    {
        var copy = new ReferenceState(Qubits);
        _amplitudes.CopyTo(copy._amplitudes.AsSpan());
        return copy;
    }

    /// <summary>The probability of each basis state [2^n].</summary>
    public double[] Probabilities() => [.. _amplitudes.Select(a => a.Real * a.Real + a.Imaginary * a.Imaginary)];

    /// <summary>Bit i of <paramref name="index"/> put at the place of the i-th qubit.</summary>
    internal static int Spread(int index, ReadOnlySpan<int> qubits)
    {
        int spread = 0;
        for (int i = 0; i < qubits.Length; i++) spread |= ((index >> i) & 1) << qubits[i];
        return spread;
    }
}
