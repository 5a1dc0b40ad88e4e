using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hone.Model;

namespace Hone.Neural.Vit;

/// <summary>
/// Rows of HeatViT's softmax in fixed point, bit for bit <see cref="FixedPoint.Softmax"/> over the columns that a mask has, and their gradients by the polynomial's own derivative. Whole
/// numbers in double precision; the greatest score counts as a constant on the way back.
/// </summary>
/// <param name="Factor">Scores times this are in units of 2^-16.</param>
/// <param name="Levels">Of a share of 1; <paramref name="Highest"/> is where it ends.</param>
/// <param name="Level">What a level is worth.</param>
internal sealed record SoftmaxRounding(int Factor, int Levels, int Highest, double Level)
{
    private const double One = FixedPoint.One, Ln2 = 45426, Square = 23495, Shift = 88670, Rest = 22544, Exponent = 1L << 52;

    /// <summary>Room for rows of n columns, whole vectors: weights, exponentials and slopes.</summary>
    internal sealed class Buffers(int n)
    {
        public double[] Weights { get; } = new double[(n + 3) / 4 * 4];

        public double[] Scores { get; } = new double[(n + 3) / 4 * 4];

        public double[] Slopes { get; } = new double[(n + 3) / 4 * 4];
    }

    /// <summary>One row.</summary>
    /// <param name="s">Scores (n).</param>
    /// <param name="mask">1 for columns that are alive, (n); empty: all.</param>
    /// <param name="own">The column that counts in any case; -1: none.</param>
    /// <param name="p">Gets the shares (n), 0 for columns that are not alive.</param>
    public void Forward(ReadOnlySpan<float> s, ReadOnlySpan<float> mask, int own, Span<float> p, Buffers b)
    {
        double sum = Exponentials(s, mask, own, b);
        for (int j = 0; j < b.Scores.Length; j += 4)
        {
            Vector256<double> share = Vector256.Floor(((Vector256.Create(b.Scores, j) * (2.0 * Levels)) + Vector256.Create(sum)) / Vector256.Create(2 * sum));
            (Vector256.Min(share, Vector256.Create((double)Highest)) * Vector256.Create(b.Weights, j) * Level).CopyTo(b.Scores, j);
        }
        for (int j = 0; j < p.Length; j++) p[j] = (float)b.Scores[j];
    }

    /// <summary>Gradients of a row's scores, and what it adds to those of the mask.</summary>
    /// <param name="g">Gradient of the shares (n).</param>
    /// <param name="ds">Gets the scores' (n).</param>
    /// <param name="dmask">(n); empty: not wanted.</param>
    public void Backward(ReadOnlySpan<float> s, ReadOnlySpan<float> mask, int own, ReadOnlySpan<float> g, Span<float> ds, Span<float> dmask, Buffers b)
    {
        double sum = Exponentials(s, mask, own, b), mean = 0, scale = Levels * Level / sum;
        for (int j = 0; j < g.Length; j++) mean += g[j] * b.Scores[j] * b.Weights[j];
        mean /= sum;
        for (int j = 0; j < g.Length; j++) ds[j] = (float)(scale * b.Weights[j] * (g[j] - mean) * b.Slopes[j] * Factor);
        if (dmask.IsEmpty) return;
        for (int j = 0; j < g.Length; j++)
            if (j != own) dmask[j] += (float)(scale * b.Scores[j] * (g[j] - mean));
    }

    /// <summary>e^(s - top) in units of 2^-16 and its slopes; returns the sum over columns that are alive. Those of dropped columns, which meet the gradient of their mask, end at 1.</summary>
    private double Exponentials(ReadOnlySpan<float> s, ReadOnlySpan<float> mask, int own, Buffers b)
    {
        double[] y = b.Scores, weights = b.Weights;
        int n = s.Length;
        for (int j = 0; j < y.Length; j++) (y[j], weights[j]) = j < n ? (s[j], mask.IsEmpty || j == own ? 1 : mask[j]) : (0, 0);
        Vector256<double> top = Vector256.Create(double.NegativeInfinity);
        for (int j = 0; j < y.Length; j += 4)
        {
            Vector256<double> v = FixedElements.Within(FixedElements.Whole(Vector256.Create(y, j) * Factor), FixedPoint.Lowest, FixedPoint.Highest);
            v.CopyTo(y, j);
            top = Vector256.Max(top, Vector256.ConditionalSelect(Vector256.GreaterThan(Vector256.Create(weights, j), Vector256<double>.Zero), v, Vector256.Create(double.NegativeInfinity)));
        }
        var highest = Vector256.Create(Math.Max(Math.Max(top[0], top[1]), Math.Max(top[2], top[3])));
        Vector256<double> sum = default;
        for (int j = 0; j < y.Length; j += 4)
        {
            Vector256<double> e = Exp(Vector256.Min(Vector256.Create(y, j) - highest, Vector256<double>.Zero), out Vector256<double> slope);
            e.CopyTo(y, j);
            slope.CopyTo(b.Slopes, j);
            sum += e * Vector256.Create(weights, j);
        }
        return Vector256.Sum(sum);
    }

    /// <summary>As <see cref="FixedPoint.Exp"/>; its slope is a real number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Exp(Vector256<double> y, out Vector256<double> slope)
    {
        Vector256<double> z = Vector256.Floor(-y / Vector256.Create(Ln2)), t = y + (z * Ln2) + Vector256.Create(Shift);
        // 2^-z: the whole number z stands in the lowest bits of z + 2^52.
        Vector256<double> power = (Vector256.Create(1023L << 52) - ((z + Vector256.Create(Exponent)).AsInt64() << 52)).AsDouble();
        slope = t * power * (2 * Square / One / One);
        Vector256<double> polynomial = FixedElements.Whole(FixedElements.Whole(t * t * (1 / One)) * (Square / One)) + Vector256.Create(Rest);
        return Vector256.Floor((polynomial * power) + Vector256.Create(0.5));
    }
}
