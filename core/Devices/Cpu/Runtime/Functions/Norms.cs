using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Runtime.Functions;

/// <summary>Layer norms of four rows at once, which hide each other's latency: a row alone mostly waits for its sum. The order of additions is fixed by the length of a row alone.</summary>
internal static unsafe class Norms
{
    /// <summary>Rows that are normed together.</summary>
    public const int Together = 4;

    /// <summary>gain (x - mean) / sqrt(variance + epsilon) + bias; Y may not overlap X.</summary>
    /// <param name="x">[rows][count], rows <paramref name="xStride"/> floats apart.</param>
    /// <param name="y">[rows][count], rows <paramref name="yStride"/> floats apart.</param>
    public static void LayerNorm(float* x, nint xStride, float* gain, float* bias, float* y, nint yStride, int rows, int count, float epsilon)
    {
        for (int row = 0; row < rows; row += Together)
        {
            // Where fewer are left the last one is normed again.
            nint b = Math.Min(1, rows - 1 - row), c = Math.Min(2, rows - 1 - row), d = Math.Min(3, rows - 1 - row);
            float* x0 = x + row * xStride, y0 = y + row * yStride;
            Four(x0, x0 + b * xStride, x0 + c * xStride, x0 + d * xStride, gain, bias, y0, y0 + b * yStride, y0 + c * yStride, y0 + d * yStride, count, epsilon);
        }
    }

    private static void Four(float* x0, float* x1, float* x2, float* x3, float* gain, float* bias, float* y0, float* y1, float* y2, float* y3, int count, float epsilon)
    {
        int lanes = Vector<float>.Count, i = 0;
        Vector<float> a = Vector<float>.Zero, b = a, c = a, d = a;
        for (; i <= count - lanes; i += lanes)
        {
            a += Vector.Load(x0 + i);
            b += Vector.Load(x1 + i);
            c += Vector.Load(x2 + i);
            d += Vector.Load(x3 + i);
        }
        if (i < count)
        {
            a += Partial.Load(x0 + i, count - i);
            b += Partial.Load(x1 + i, count - i);
            c += Partial.Load(x2 + i, count - i);
            d += Partial.Load(x3 + i, count - i);
        }
        float share = 1f / count, m0 = Vector.Sum(a) * share, m1 = Vector.Sum(b) * share, m2 = Vector.Sum(c) * share, m3 = Vector.Sum(d) * share;
        Vector<float> means0 = new(m0), means1 = new(m1), means2 = new(m2), means3 = new(m3);
        (a, b, c, d) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        for (i = 0; i <= count - lanes; i += lanes)
        {
            a = Square(Vector.Load(x0 + i) - means0, a);
            b = Square(Vector.Load(x1 + i) - means1, b);
            c = Square(Vector.Load(x2 + i) - means2, c);
            d = Square(Vector.Load(x3 + i) - means3, d);
        }
        if (i < count)
        {
            a = Square(Partial.Load(x0 + i, count - i, m0) - means0, a);
            b = Square(Partial.Load(x1 + i, count - i, m1) - means1, b);
            c = Square(Partial.Load(x2 + i, count - i, m2) - means2, c);
            d = Square(Partial.Load(x3 + i, count - i, m3) - means3, d);
        }
        Vector<float> inverse0 = Inverse(a), inverse1 = Inverse(b), inverse2 = Inverse(c), inverse3 = Inverse(d);
        for (i = 0; i <= count - lanes; i += lanes)
        {
            Vector<float> gains = Vector.Load(gain + i), biases = Vector.Load(bias + i);
            Vector.Store(Vector.FusedMultiplyAdd((Vector.Load(x0 + i) - means0) * inverse0, gains, biases), y0 + i);
            Vector.Store(Vector.FusedMultiplyAdd((Vector.Load(x1 + i) - means1) * inverse1, gains, biases), y1 + i);
            Vector.Store(Vector.FusedMultiplyAdd((Vector.Load(x2 + i) - means2) * inverse2, gains, biases), y2 + i);
            Vector.Store(Vector.FusedMultiplyAdd((Vector.Load(x3 + i) - means3) * inverse3, gains, biases), y3 + i);
        }
        for (; i < count; i++)
        {
            y0[i] = MathF.FusedMultiplyAdd((x0[i] - m0) * inverse0[0], gain[i], bias[i]);
            y1[i] = MathF.FusedMultiplyAdd((x1[i] - m1) * inverse1[0], gain[i], bias[i]);
            y2[i] = MathF.FusedMultiplyAdd((x2[i] - m2) * inverse2[0], gain[i], bias[i]);
            y3[i] = MathF.FusedMultiplyAdd((x3[i] - m3) * inverse3[0], gain[i], bias[i]);
        }

        Vector<float> Inverse(Vector<float> squares) => new(1 / MathF.Sqrt(Vector.Sum(squares) * share + epsilon));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Square(Vector<float> x, Vector<float> sum) => Vector.FusedMultiplyAdd(x, x, sum);
}
