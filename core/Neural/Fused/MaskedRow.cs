using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hone.Neural.Fused;

/// <summary>
/// One row i of a masked softmax, whole vectors; sums run in a fixed order. Token j weighs w_j = m_j, the row's own token 1: E_j = u_j w_j with u_j = exp(l_j - max) g_j, and
/// P_j = (E_j + share) / (sum E + epsilon).
/// </summary>
internal static class MaskedRow
{
    /// <summary>Where exponents of dropped tokens end.</summary>
    public const float Highest = 30;

    /// <summary>Scores s, the rows of tokens from 0 on, become E + share.</summary>
    /// <param name="s">Whole rows of as many numbers as <paramref name="mask"/> has, a multiple of 8.</param>
    /// <param name="u">Gets u; as long as <paramref name="s"/>.</param>
    /// <param name="sums">Gets sum E of each row.</param>
    /// <param name="mask">m, 0 behind the last token.</param>
    /// <param name="links">g, as long as <paramref name="s"/>, on the diagonal 1; or one row of 1 for all.</param>
    public static void Apply(Span<float> s, Span<float> u, Span<float> sums, ReadOnlySpan<float> mask, ReadOnlySpan<float> links, float scale, float share)
    {
        int row = mask.Length, next = links.Length == row ? 0 : row;
        SoftmaxRow.Whole(row);
        if (s.Length != sums.Length * row || u.Length != s.Length || (next > 0 && links.Length != s.Length)) throw new ArgumentException($"expected {sums.Length} rows of {row} numbers, got {s.Length}, {u.Length} and {links.Length} numbers");
        Span<float> tops = stackalloc float[SoftmaxRow.Together];
        ref float m = ref MemoryMarshal.GetReference(mask);
        for (int from = 0; from < sums.Length; from += SoftmaxRow.Together)
        {
            int rows = Math.Min(SoftmaxRow.Together, sums.Length - from);
            for (int i = 0; i < rows; i++) tops[i] = Top(ref Unsafe.Add(ref MemoryMarshal.GetReference(s), (from + i) * row), ref m, ref Unsafe.Add(ref MemoryMarshal.GetReference(links), (from + i) * next), row, from + i, scale);
            for (int i = 0; i < rows; i++)
                sums[from + i] = Exponentials(ref Unsafe.Add(ref MemoryMarshal.GetReference(s), (from + i) * row), ref Unsafe.Add(ref MemoryMarshal.GetReference(u), (from + i) * row), ref m,
                    ref Unsafe.Add(ref MemoryMarshal.GetReference(links), (from + i) * next), row, from + i, scale, tops[i], share);
        }
    }

    private static float Top(ref float s, ref float mask, ref float links, int row, int own, float scale)
    {
        Vector256<float> lowest = Vector256.Create(float.NegativeInfinity), highest = lowest;
        Vector256<int> i = Vector256.Create(own), at = Vector256<int>.Indices;
        for (nuint j = 0; j < (nuint)row; j += 8, at += Vector256.Create(8))
        {
            Vector256<float> w = Weight(ref mask, j, at, i) * Vector256.LoadUnsafe(ref links, j);
            highest = Vector256.MaxNative(highest, Vector256.ConditionalSelect(Vector256.GreaterThan(w, default), Vector256.LoadUnsafe(ref s, j) * scale, lowest));
        }
        return SoftmaxRow.Highest(highest);
    }

    private static float Exponentials(ref float s, ref float u, ref float mask, ref float links, int row, int own, float scale, float top, float share)
    {
        Vector256<float> sum = default, highest = Vector256.Create(top);
        Vector256<int> i = Vector256.Create(own), at = Vector256<int>.Indices;
        for (nuint j = 0; j < (nuint)row; j += 8, at += Vector256.Create(8))
        {
            Vector256<float> x = Vector256.MinNative(Vector256.Create(Highest), (Vector256.LoadUnsafe(ref s, j) * scale) - highest);   // the number second: a NaN passes
            Vector256<float> e = SoftmaxRow.Exp(x) * Vector256.LoadUnsafe(ref links, j);
            e.StoreUnsafe(ref u, j);
            e *= Weight(ref mask, j, at, i);
            sum += e;
            (e + Vector256.Create(share)).StoreUnsafe(ref s, j);
        }
        return Vector256.Sum(sum);
    }

    /// <summary>e becomes E + share again.</summary>
    public static void Weigh(ReadOnlySpan<float> u, Span<float> e, ReadOnlySpan<float> mask, int own, float share)
    {
        SoftmaxRow.Whole(e.Length);
        if (u.Length != e.Length || mask.Length != e.Length) throw new ArgumentException($"expected rows of {e.Length} numbers, got {u.Length} and {mask.Length}");
        ref float first = ref MemoryMarshal.GetReference(e), kept = ref MemoryMarshal.GetReference(u), m = ref MemoryMarshal.GetReference(mask);
        Vector256<int> i = Vector256.Create(own), at = Vector256<int>.Indices;
        for (nuint j = 0; j < (nuint)e.Length; j += 8, at += Vector256.Create(8))
            Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref kept, j), Weight(ref m, j, at, i), Vector256.Create(share)).StoreUnsafe(ref first, j);
    }

    /// <summary>d, the gradient of P over (sum E + epsilon), becomes that of the scores; that of the mask is added to <paramref name="masked"/>.</summary>
    /// <param name="part">1 / (sum E + epsilon).</param>
    public static void Backward(Span<float> d, ReadOnlySpan<float> u, ReadOnlySpan<float> mask, Span<float> masked, int own, float scale, float share, float part)
    {
        SoftmaxRow.Whole(d.Length);
        if (u.Length != d.Length || mask.Length != d.Length || masked.Length != d.Length) throw new ArgumentException($"expected rows of {d.Length} numbers, got {u.Length}, {mask.Length} and {masked.Length}");
        ref float gradient = ref MemoryMarshal.GetReference(d), kept = ref MemoryMarshal.GetReference(u), m = ref MemoryMarshal.GetReference(mask), dm = ref MemoryMarshal.GetReference(masked);
        Vector256<int> i = Vector256.Create(own), at = Vector256<int>.Indices;
        Vector256<float> dot = default;
        for (nuint j = 0; j < (nuint)d.Length; j += 8, at += Vector256.Create(8))
            dot += Vector256.LoadUnsafe(ref gradient, j) * Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref kept, j), Weight(ref m, j, at, i), Vector256.Create(share));
        var mean = Vector256.Create(Vector256.Sum(dot) * part);
        at = Vector256<int>.Indices;
        for (nuint j = 0; j < (nuint)d.Length; j += 8, at += Vector256.Create(8))
        {
            Vector256<float> t = (Vector256.LoadUnsafe(ref gradient, j) - mean) * Vector256.LoadUnsafe(ref kept, j);
            (t * Weight(ref m, j, at, i) * scale).StoreUnsafe(ref gradient, j);
            (Vector256.LoadUnsafe(ref dm, j) + Vector256.ConditionalSelect(Vector256.Equals(at, i).AsSingle(), default, t)).StoreUnsafe(ref dm, j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Weight(ref float mask, nuint j, Vector256<int> at, Vector256<int> own) =>
        Vector256.ConditionalSelect(Vector256.Equals(at, own).AsSingle(), Vector256<float>.One, Vector256.LoadUnsafe(ref mask, j));
}
