using System.Numerics;

namespace Hone.Quantum.Circuits;

/// <summary>
/// A small dense complex matrix [d, d], d = 2^k for k qubits, row-major. Bit q of a row or column is the state of the q-th qubit that
/// the matrix is laid on (little-endian: the first qubit named is the lowest bit). Compares by value.
/// </summary>
public sealed class Matrix : IEquatable<Matrix>
{
    private readonly Complex[] _entries;   // [d * d]

    /// <param name="dimension">d, a power of two.</param>
    /// <param name="entries">d * d entries, row-major.</param>
    public Matrix(int dimension, ReadOnlySpan<Complex> entries)
    {
        if (dimension < 1 || !BitOperations.IsPow2(dimension)) throw new ArgumentException($"a matrix over qubits has 2^k rows, not {dimension}", nameof(dimension));
        if (entries.Length != dimension * dimension) throw new ArgumentException($"expected {dimension * dimension} entries, got {entries.Length}", nameof(entries));
        (Dimension, _entries) = (dimension, entries.ToArray());
    }

    public int Dimension { get; }

    /// <summary>k, the number of qubits.</summary>
    public int Qubits => BitOperations.Log2((uint)Dimension);

    /// <summary>All entries, row-major [d * d].</summary>
    public ReadOnlySpan<Complex> Entries => _entries;

    public Complex this[int row, int column] => _entries[row * Dimension + column];

    public static Matrix Identity(int dimension) => Build(dimension, (r, c) => r == c ? 1 : 0);

    /// <summary>The matrix with these entries on its diagonal.</summary>
    public static Matrix Diagonal(params ReadOnlySpan<Complex> entries)
    {
        Complex[] all = new Complex[entries.Length * entries.Length];
        for (int i = 0; i < entries.Length; i++) all[i * (entries.Length + 1)] = entries[i];
        return new Matrix(entries.Length, all);
    }

    /// <summary>The matrix whose entry at (row, column) is <paramref name="entry"/>'s answer.</summary>
    public static Matrix Build(int dimension, Func<int, int, Complex> entry)
    {
        Complex[] all = new Complex[dimension * dimension];
        for (int r = 0; r < dimension; r++)
            for (int c = 0; c < dimension; c++) all[r * dimension + c] = entry(r, c);
        return new Matrix(dimension, all);
    }

    public static Matrix operator *(Matrix left, Matrix right)
    {
        if (left.Dimension != right.Dimension) throw new ArgumentException($"[{left.Dimension}] times [{right.Dimension}]: dimensions must agree");
        int d = left.Dimension;
        Complex[] all = new Complex[d * d];
        for (int r = 0; r < d; r++)
            for (int k = 0; k < d; k++)
            {
                Complex value = left[r, k];
                if (value == Complex.Zero) continue;
                for (int c = 0; c < d; c++) all[r * d + c] += value * right[k, c];
            }
        return new Matrix(d, all);
    }

    public static Matrix operator *(Complex factor, Matrix matrix) => Build(matrix.Dimension, (r, c) => factor * matrix[r, c]);

    public static Matrix operator +(Matrix left, Matrix right) => Build(left.Dimension, (r, c) => left[r, c] + right[r, c]);

    /// <summary>The conjugate transpose.</summary>
    public Matrix Adjoint() => Build(Dimension, (r, c) => Complex.Conjugate(this[c, r]));

    /// <summary>This on the low qubits, <paramref name="high"/> on those above.</summary>
    public Matrix Beside(Matrix high) => Build(Dimension * high.Dimension,
        (r, c) => high[r / Dimension, c / Dimension] * this[r % Dimension, c % Dimension]);

    /// <summary>This where a new lowest qubit is 1, nothing where it is 0.</summary>
    public Matrix Controlled() => Build(Dimension * 2, (r, c) => ((r & 1), (c & 1)) switch
    {
        (1, 1) => this[r >> 1, c >> 1],
        (0, 0) => r == c ? 1 : 0,
        _ => 0,
    });

    public Complex Trace()
    {
        Complex sum = 0;
        for (int i = 0; i < Dimension; i++) sum += this[i, i];
        return sum;
    }

    /// <summary>The greatest absolute difference of an entry.</summary>
    public double Distance(Matrix other)
    {
        if (other.Dimension != Dimension) return double.PositiveInfinity;
        double worst = 0;
        for (int i = 0; i < _entries.Length; i++) worst = Math.Max(worst, (_entries[i] - other._entries[i]).Magnitude);
        return worst;
    }

    /// <summary>The greatest absolute difference of an entry, once the best global phase is taken out.</summary>
    public double DistanceUpToPhase(Matrix other)
    {
        if (other.Dimension != Dimension) return double.PositiveInfinity;
        Complex overlap = 0;
        for (int i = 0; i < _entries.Length; i++) overlap += Complex.Conjugate(_entries[i]) * other._entries[i];
        return overlap.Magnitude < 1e-12 ? Distance(other) : (overlap / overlap.Magnitude * this).Distance(other);
    }

    /// <summary>How far it is from unitary: the greatest entry of U U^+ - 1.</summary>
    public double UnitaryDefect() => (this * Adjoint()).Distance(Identity(Dimension));

    public bool IsDiagonal(double tolerance = 0)
    {
        for (int r = 0; r < Dimension; r++)
            for (int c = 0; c < Dimension; c++)
                if (r != c && this[r, c].Magnitude > tolerance) return false;
        return true;
    }

    public bool Equals(Matrix? other) => other is not null && Dimension == other.Dimension && _entries.AsSpan().SequenceEqual(other._entries);

    public override bool Equals(object? obj) => Equals(obj as Matrix);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (Complex entry in _entries) hash.Add(entry);
        return hash.ToHashCode();
    }
}
