using System.Numerics;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Synthesis;

/// <summary>
/// A unitary of two qubits as U = exp(i phase) (left gates) exp(i (x XX + y YY + z ZZ)) (right gates) with pi/4 >= x >= y >= |z|, and z >= 0
/// where x = pi/4: the place of U in the Weyl chamber, which says how many CX it needs.
/// Sources: Kraus and Cirac, "Optimal creation of entanglement using a two-qubit gate" (2001); Zhang et al., "Geometric theory of nonlocal
/// two-qubit operations" (2003). The symmetric unitary is diagonalised by Jacobi rotations of its real and imaginary part together
/// (Bunse-Gerstner, Byers and Mehrmann 1993), which stays exact where eigenvalues coincide.
/// </summary>
public sealed class WeylDecomposition
{
    private const double Edge = 1e-9;   // how near to pi/4 counts as the chamber's edge
    private static readonly Matrix Magic = Math.Sqrt(0.5) * new Matrix(4,
        [1, 0, 0, Complex.ImaginaryOne, 0, Complex.ImaginaryOne, 1, 0, 0, Complex.ImaginaryOne, -1, 0, 1, 0, 0, -Complex.ImaginaryOne]);
    private static readonly Matrix[] Paulis = [StandardGates.X.MatrixOf(), StandardGates.Y.MatrixOf(), StandardGates.Z.MatrixOf()];

    // Conjugation by these on both qubits exchanges the two other axes (and leaves their products' signs).
    private static readonly Matrix[] Exchanges = [StandardGates.Sx.MatrixOf(), StandardGates.H.MatrixOf(), StandardGates.S.MatrixOf()];
    private static readonly double[][] Signs = [.. Paulis.Select(SignsOf)];   // of XX, YY, ZZ in the magic basis
    private readonly double[] _c;                                              // x, y, z
    private Matrix _left, _right;                                              // [4, 4], products of gates on single qubits

    private WeylDecomposition(double[] coordinates, Matrix left, Matrix right, double phase) => (_c, _left, _right, Phase) = (coordinates, left, right, phase);

    public double X => _c[0];

    public double Y => _c[1];

    public double Z => _c[2];

    public double Phase { get; private set; }

    /// <summary>The gates behind the interaction, on the first and on the second qubit.</summary>
    public (Matrix First, Matrix Second) Left => Parts(_left);

    /// <summary>The gates before the interaction.</summary>
    public (Matrix First, Matrix Second) Right => Parts(_right);

    /// <summary>How many CX it takes: 0 to 3 (Vidal and Dawson 2004).</summary>
    public int CxCount(double tolerance = 1e-9) =>
        Math.Abs(Z) > tolerance ? 3 : Y > tolerance ? 2 : Math.Abs(X - Math.PI / 4) < tolerance ? 1 : X > tolerance ? 2 : 0;

    /// <summary>exp(i (x XX + y YY + z ZZ)) [4, 4].</summary>
    public static Matrix Interaction(double x, double y, double z)
    {
        Complex[] turned = [.. Enumerable.Range(0, 4).Select(k => Complex.FromPolarCoordinates(1, x * Signs[0][k] + y * Signs[1][k] + z * Signs[2][k]))];
        return Magic * Matrix.Diagonal(turned) * Magic.Adjoint();
    }

    /// <summary>Decomposes a unitary [4, 4].</summary>
    public static WeylDecomposition Of(Matrix unitary)
    {
        Complex determinant = Determinant(unitary);
        double phase = determinant.Phase / 4;
        Matrix inMagic = Magic.Adjoint() * (Complex.FromPolarCoordinates(1, -phase) * unitary) * Magic;
        double[,] p = CommonAxes(Matrix.Build(4, (r, c) => inMagic[c, r]) * inMagic);
        if (Determinant(Matrix.Build(4, (r, c) => p[r, c])).Real < 0)
            for (int r = 0; r < 4; r++) p[r, 0] = -p[r, 0];
        Matrix turnedBack = inMagic * Matrix.Build(4, (r, c) => p[r, c]);   // its columns are real but for a phase each
        double[] d = [.. Enumerable.Range(0, 4).Select(column => PhaseOf(turnedBack, column))];
        Matrix k1 = Matrix.Build(4, (r, c) => (turnedBack[r, c] * Complex.FromPolarCoordinates(1, -d[c])).Real);
        if (Determinant(k1).Real < 0)
        {
            d[0] += Math.PI;
            k1 = Matrix.Build(4, (r, c) => c == 0 ? -k1[r, c] : k1[r, c]);
        }
        double[] coordinates = [.. Signs.Select(s => (s[0] * d[0] + s[1] * d[1] + s[2] * d[2] + s[3] * d[3]) / 4)];
        var found = new WeylDecomposition(coordinates, Magic * k1 * Magic.Adjoint(), Magic * Matrix.Build(4, (r, c) => p[c, r]) * Magic.Adjoint(), phase + d.Sum() / 4);
        found.IntoChamber();
        return found;
    }

    private void IntoChamber()
    {
        for (int axis = 0; axis < 3; axis++) Shift(axis, (int)Math.Round(_c[axis] / (Math.PI / 2)));
        for (int i = 0; i < 2; i++)
            for (int axis = 0; axis < 2; axis++)
                if (Math.Abs(_c[axis]) < Math.Abs(_c[axis + 1])) Exchange(axis, axis + 1);
        if (_c[0] < 0) Flip(0, _c[1] < 0 ? 1 : 2);
        if (_c[1] < 0) Flip(1, 2);
        if (_c[0] < Math.PI / 4 - Edge || _c[2] >= 0) return;
        Shift(0, 1);
        Flip(0, 2);
    }

    /// <summary>Takes quarters of a turn off an axis: exp(i pi/2 XX) = i XX.</summary>
    private void Shift(int axis, int quarters)
    {
        _c[axis] -= quarters * Math.PI / 2;
        Phase += quarters * Math.PI / 2;
        if (quarters % 2 != 0) _left *= Paulis[axis].Beside(Paulis[axis]);
    }

    private void Exchange(int a, int b)
    {
        Matrix both = Exchanges[3 - a - b].Beside(Exchanges[3 - a - b]);
        (_c[a], _c[b]) = (_c[b], _c[a]);
        (_left, _right) = (_left * both.Adjoint(), both * _right);
    }

    /// <summary>A Pauli gate on one qubit turns the signs of the two other axes.</summary>
    private void Flip(int a, int b)
    {
        Matrix one = Paulis[3 - a - b].Beside(Matrix.Identity(2));
        (_c[a], _c[b]) = (-_c[a], -_c[b]);
        (_left, _right) = (_left * one, one * _right);
    }

    /// <summary>Real orthogonal columns [4, 4] in which the symmetric unitary is diagonal.</summary>
    private static double[,] CommonAxes(Matrix symmetric)
    {
        double[][,] parts = [new double[4, 4], new double[4, 4]];
        double[,] axes = new double[4, 4];
        for (int r = 0; r < 4; r++)
        {
            axes[r, r] = 1;
            for (int c = 0; c < 4; c++) (parts[0][r, c], parts[1][r, c]) = (symmetric[r, c].Real, symmetric[r, c].Imaginary);
        }
        for (int sweep = 0; sweep < 40; sweep++)
        {
            double moved = 0;
            for (int p = 0; p < 3; p++)
                for (int q = p + 1; q < 4; q++) moved = Math.Max(moved, Rotate(parts, axes, p, q));
            if (moved < 1e-15) break;
        }
        return axes;
    }

    private static double Rotate(double[][,] parts, double[,] axes, int p, int q)
    {
        double on = 0, off = 0;
        foreach (double[,] m in parts)
        {
            double difference = m[p, p] - m[q, q], crossed = 2 * m[p, q];
            on += difference * difference - crossed * crossed;
            off += 2 * difference * crossed;
        }
        double angle = 0.25 * Math.Atan2(off, on), c = Math.Cos(angle), s = Math.Sin(angle);
        foreach (double[,] m in parts)
        {
            for (int i = 0; i < 4; i++) (m[i, p], m[i, q]) = (c * m[i, p] + s * m[i, q], c * m[i, q] - s * m[i, p]);
            for (int i = 0; i < 4; i++) (m[p, i], m[q, i]) = (c * m[p, i] + s * m[q, i], c * m[q, i] - s * m[p, i]);
        }
        for (int i = 0; i < 4; i++) (axes[i, p], axes[i, q]) = (c * axes[i, p] + s * axes[i, q], c * axes[i, q] - s * axes[i, p]);
        return Math.Abs(s);
    }

    private static double PhaseOf(Matrix matrix, int column)
    {
        Complex greatest = 0;
        for (int r = 0; r < 4; r++)
            if (matrix[r, column].Magnitude > greatest.Magnitude) greatest = matrix[r, column];
        return greatest.Phase;
    }

    private static double[] SignsOf(Matrix pauli)
    {
        Matrix diagonal = Magic.Adjoint() * pauli.Beside(pauli) * Magic;
        return [.. Enumerable.Range(0, 4).Select(k => Math.Round(diagonal[k, k].Real))];
    }

    /// <summary>The factors of a product of gates on two qubits, each with determinant 1 but for a sign.</summary>
    internal static (Matrix First, Matrix Second) Parts(Matrix product)
    {
        int row = 0, column = 0;
        for (int r = 0; r < 4; r++)
            for (int c = 0; c < 4; c++)
                if (product[r, c].Magnitude > product[row, column].Magnitude + 1e-9) (row, column) = (r, c);
        Matrix first = Matrix.Build(2, (r, c) => product[(row & 2) | r, (column & 2) | c]);
        first = 1 / Complex.Sqrt(first[0, 0] * first[1, 1] - first[0, 1] * first[1, 0]) * first;
        Matrix second = Matrix.Build(2, (r, c) => product[(r << 1) | (row & 1), (c << 1) | (column & 1)] / first[row & 1, column & 1]);
        return (first, second);
    }

    private static Complex Determinant(Matrix matrix)
    {
        int d = matrix.Dimension;
        Complex[] m = matrix.Entries.ToArray();
        Complex product = 1;
        for (int k = 0; k < d; k++)
        {
            int pivot = Enumerable.Range(k, d - k).MaxBy(r => m[r * d + k].Magnitude);
            if (m[pivot * d + k] == Complex.Zero) return 0;
            if (pivot != k)
            {
                for (int c = 0; c < d; c++) (m[k * d + c], m[pivot * d + c]) = (m[pivot * d + c], m[k * d + c]);
                product = -product;
            }
            product *= m[k * d + k];
            for (int r = k + 1; r < d; r++)
            {
                Complex factor = m[r * d + k] / m[k * d + k];
                for (int c = k; c < d; c++) m[r * d + c] -= factor * m[k * d + c];
            }
        }
        return product;
    }
}
