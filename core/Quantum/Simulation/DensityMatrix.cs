using System.Numerics;
using Hone.Quantum.Circuits;
using Hone.Quantum.Noise;

namespace Hone.Quantum.Simulation;

/// <summary>
/// A mixed state, exactly: rho [2^n, 2^n], held as the amplitudes of 2 n qubits (row r, column c at r + c 2^n), so that a gate is its
/// matrix on the rows and its conjugate on the columns.
/// </summary>
public sealed class DensityMatrix
{
    /// <summary>Beyond this trajectories are meant: 4^n amplitudes of 16 bytes.</summary>
    public const int MostQubits = 12;

    private readonly Complex[] _rho;   // [4^n]

    /// <summary>n qubits in |00..0>.</summary>
    public DensityMatrix(int qubits)
    {
        if (qubits is < 0 or > MostQubits) throw new ArgumentOutOfRangeException(nameof(qubits), qubits, $"a density matrix holds 0 to {MostQubits} qubits ({16L << (2 * MostQubits)} bytes)");
        Qubits = qubits;
        _rho = new Complex[1 << (2 * qubits)];
        _rho[0] = 1;
    }

    public int Qubits { get; }

    /// <summary>rho at row, column.</summary>
    public Complex this[int row, int column] => _rho[row | (column << Qubits)];

    /// <summary>Applies a unitary matrix to qubits.</summary>
    public void Apply(Matrix matrix, ReadOnlySpan<int> qubits)
    {
        ReferenceState.Apply(_rho, matrix, qubits);
        int[] columns = new int[qubits.Length];
        for (int i = 0; i < columns.Length; i++) columns[i] = qubits[i] + Qubits;
        ReferenceState.Apply(_rho, Matrix.Build(matrix.Dimension, (r, c) => Complex.Conjugate(matrix[r, c])), columns);
    }

    /// <summary>Applies a channel to qubits.</summary>
    public void Apply(Channel channel, ReadOnlySpan<int> qubits)
    {
        if (channel.Depolarising != 0) Depolarise(channel.Depolarising, qubits);
        for (int i = 0; i < qubits.Length; i++)
            if (channel.Relaxations[i] != Relaxation.None) Relax(channel.Relaxations[i], qubits[i]);
    }

    /// <summary>The probability of each basis state [2^n].</summary>
    public double[] Probabilities()
    {
        double[] probabilities = new double[1 << Qubits];
        for (int i = 0; i < probabilities.Length; i++) probabilities[i] = this[i, i].Real;
        return probabilities;
    }

    /// <summary>Leaves what agrees with a qubit's reading; the trace becomes its probability.</summary>
    public void Project(int qubit, bool one)
    {
        int bit = 1 << qubit, kept = one ? bit : 0;
        for (int i = 0; i < _rho.Length; i++)
            if ((i & bit) != kept || ((i >> Qubits) & bit) != kept) _rho[i] = 0;
    }

    /// <summary>A copy.</summary>
    public DensityMatrix Clone()
    {
        var copy = new DensityMatrix(Qubits);
        _rho.CopyTo(copy._rho, 0);
        return copy;
    }

    /// <summary>Multiplies by a probability.</summary>
    public void Scale(double factor)
    {
        for (int i = 0; i < _rho.Length; i++) _rho[i] *= factor;
    }

    /// <summary>rho -> (1 - p) rho + p I / d on these qubits.</summary>
    private void Depolarise(double p, ReadOnlySpan<int> qubits)
    {
        int d = 1 << qubits.Length, mask = ReferenceState.Spread(d - 1, qubits);
        for (int i = 0; i < _rho.Length; i++)
        {
            int row = i & ((1 << Qubits) - 1), column = i >> Qubits;
            if ((row & mask) != 0 || (column & mask) != 0) continue;
            Complex mean = 0;
            for (int k = 0; k < d; k++) mean += _rho[i | Both(k, qubits)];
            mean *= p / d;
            for (int r = 0; r < d; r++)
                for (int c = 0; c < d; c++)
                {
                    ref Complex entry = ref _rho[i | ReferenceState.Spread(r, qubits) | (ReferenceState.Spread(c, qubits) << Qubits)];
                    entry = (1 - p) * entry + (r == c ? mean : 0);
                }
        }
    }

    private void Relax(Relaxation relaxation, int qubit)
    {
        int row = 1 << qubit, column = 1 << (qubit + Qubits);
        for (int i = 0; i < _rho.Length; i++)
        {
            if ((i & (row | column)) != 0) continue;
            _rho[i] += relaxation.Damping * _rho[i | row | column];
            _rho[i | row | column] *= 1 - relaxation.Damping;
            _rho[i | row] *= relaxation.Coherence;
            _rho[i | column] *= relaxation.Coherence;
        }
    }

    private int Both(int index, ReadOnlySpan<int> qubits)
    {
        int spread = ReferenceState.Spread(index, qubits);
        return spread | (spread << Qubits);
    }
}
