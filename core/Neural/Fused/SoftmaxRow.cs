using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hone.Neural.Fused;

/// <summary>Rows of a softmax, whole vectors; sums run in a fixed order.</summary>
internal static class SoftmaxRow
{
    /// <summary>Rows that go through a step together: within a row a step waits for the last one, and meanwhile others' numbers are at hand.</summary>
    public const int Together = 8;

    /// <summary>Each row of s becomes softmax(scale * row) over its first <paramref name="count"/> numbers; what lies behind them becomes 0.</summary>
    /// <param name="s">Whole rows.</param>
    /// <param name="row">Length of a row, a multiple of 8.</param>
    public static void Apply(Span<float> s, int row, int count, float scale)
    {
        Whole(row);
        for (; s.Length >= row * Together; s = s[(row * Together)..]) Block(s[..(row * Together)], row, count, scale);
        Block(s, row, count, scale);
    }

    private static void Block(Span<float> s, int row, int count, float scale)
    {
        Span<float> tops = stackalloc float[Together];
        for (int at = count; at < s.Length; at += row) s.Slice(at, row - count).Fill(float.NegativeInfinity);
        ref float first = ref MemoryMarshal.GetReference(s);
        int rows = s.Length / row;
        for (int i = 0; i < rows; i++)
        {
            var highest = Vector256.Create(float.NegativeInfinity);
            for (nuint j = (nuint)(i * row); j < (nuint)((i + 1) * row); j += 8) highest = Vector256.MaxNative(highest, Vector256.LoadUnsafe(ref first, j) * scale);
            tops[i] = Highest(highest);                                        // whatever it makes of a NaN: e^NaN tells below
        }
        for (int i = 0; i < rows; i++)
        {
            var top = Vector256.Create(tops[i]);
            Vector256<float> sum = default;
            for (nuint j = (nuint)(i * row); j < (nuint)((i + 1) * row); j += 8)
            {
                Vector256<float> e = Exp((Vector256.LoadUnsafe(ref first, j) * scale) - top);
                e.StoreUnsafe(ref first, j);
                sum += e;
            }
            tops[i] = 1 / Vector256.Sum(sum);
        }
        for (int i = 0; i < rows; i++)
        {
            var share = Vector256.Create(tops[i]);
            for (nuint j = (nuint)(i * row); j < (nuint)((i + 1) * row); j += 8) (Vector256.LoadUnsafe(ref first, j) * share).StoreUnsafe(ref first, j);
        }
        for (int at = count; at < s.Length; at += row) s.Slice(at, row - count).Clear();
    }

    /// <summary>d becomes the gradient in front of the softmax and its scale: scale * p (d - sum d p).</summary>
    /// <param name="d">Gradient behind the softmax, whole vectors.</param>
    /// <param name="p">The softmax, as long.</param>
    public static void Backward(Span<float> d, ReadOnlySpan<float> p, float scale)
    {
        Whole(d.Length);
        if (p.Length != d.Length) throw new ArgumentException($"expected {d.Length} probabilities, got {p.Length}");
        ref float gradient = ref MemoryMarshal.GetReference(d), share = ref MemoryMarshal.GetReference(p);
        Vector256<float> dot = default;
        for (nuint j = 0; j < (nuint)d.Length; j += 8) dot += Vector256.LoadUnsafe(ref gradient, j) * Vector256.LoadUnsafe(ref share, j);
        var mean = Vector256.Create(Vector256.Sum(dot));
        for (nuint j = 0; j < (nuint)d.Length; j += 8)
            ((Vector256.LoadUnsafe(ref gradient, j) - mean) * (Vector256.LoadUnsafe(ref share, j) * scale)).StoreUnsafe(ref gradient, j);
    }

    public static float Highest(Vector256<float> v)
    {
        Vector128<float> four = Vector128.MaxNative(v.GetLower(), v.GetUpper());
        four = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(four[0], four[1]);
    }

    public static void Whole(int length)
    {
        if (length % 8 != 0) throw new ArgumentException($"expected a row of whole vectors of 8 numbers, got {length} numbers");
    }

    /// <summary>
    /// e^x for x up to 0, within 2 units in the last place; below -60 it stays at e^-60, so that no gradient becomes a slow subnormal number. A NaN stays one. x = n ln 2 + r, e^r by Cephes' polynomial of degree 7
    /// (netlib.org/cephes, expf).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        x = Vector256.MaxNative(Vector256.Create(-60f), x);                    // the number second: a NaN passes
        Vector256<float> n = Vector256.Round(x * 1.44269504f);
        Vector256<float> r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-0.693359375f), x);
        r = Vector256.MultiplyAddEstimate(n, Vector256.Create(2.12194440e-4f), r);
        Vector256<float> y = Vector256.Create(1.9875691500e-4f);
        y = Vector256.MultiplyAddEstimate(y, r, Vector256.Create(1.3981999507e-3f));
        y = Vector256.MultiplyAddEstimate(y, r, Vector256.Create(8.3334519073e-3f));
        y = Vector256.MultiplyAddEstimate(y, r, Vector256.Create(4.1665795894e-2f));
        y = Vector256.MultiplyAddEstimate(y, r, Vector256.Create(1.6666665459e-1f));
        y = Vector256.MultiplyAddEstimate(y, r, Vector256.Create(5.0000001201e-1f));
        y = Vector256.MultiplyAddEstimate(y, r * r, r + Vector256<float>.One);
        return y * ((Vector256.ConvertToInt32Native(n) + Vector256.Create(127)) << 23).AsSingle();
    }
}
