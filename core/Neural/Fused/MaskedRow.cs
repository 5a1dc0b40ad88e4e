using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hone.Neural.Fused;

/// <summary>
/// Rows of a masked softmax, whole vectors; sums run in a fixed order. With u_ij = exp(l_ij - max_i) g_ij, E_ij is u_ij m_j, and u_ii on the diagonal, which is why that lies apart.
/// P_ij = (E_ij + share) / (sum E_i + epsilon). Letters: n tokens, rows of Row numbers, those behind the n-th 0 in the mask.
/// </summary>
internal static class MaskedRow
{
    /// <summary>Where exponents of dropped tokens end.</summary>
    public const float Highest = 30;

    /// <summary>Scores become E + share.</summary>
    /// <param name="s">(n, Row), Row a multiple of 8.</param>
    /// <param name="u">Gets u, (n, Row), 0 on the diagonal.</param>
    /// <param name="own">Gets the diagonal of u, (n).</param>
    /// <param name="sums">Gets sum E, (n).</param>
    /// <param name="mask">m, (Row).</param>
    /// <param name="links">g, (n, Row), 1 on the diagonal; or one row of 1 for all.</param>
    public static void Apply(Span<float> s, Span<float> u, Span<float> own, Span<float> sums, ReadOnlySpan<float> mask, ReadOnlySpan<float> links, float scale, float share)
    {
        int row = mask.Length, n = sums.Length, next = links.Length == row ? 0 : row;
        Fit(s.Length, u.Length, own.Length, n, row);
        Fit(s.Length, next == 0 ? s.Length : links.Length, n, n, row);
        Span<float> tops = stackalloc float[SoftmaxRow.Together];
        ref float s0 = ref MemoryMarshal.GetReference(s), u0 = ref MemoryMarshal.GetReference(u), m = ref MemoryMarshal.GetReference(mask), g0 = ref MemoryMarshal.GetReference(links);
        for (int from = 0; from < n; from += SoftmaxRow.Together)
        {
            int to = Math.Min(n, from + SoftmaxRow.Together);
            for (int i = from; i < to; i++) tops[i - from] = MathF.Max(s[(i * row) + i] * scale, Top(ref Unsafe.Add(ref s0, i * row), ref m, ref Unsafe.Add(ref g0, i * next), row, scale));
            for (int i = from; i < to; i++)
            {
                int at = (i * row) + i;
                float others = Exponentials(ref Unsafe.Add(ref s0, i * row), ref Unsafe.Add(ref u0, i * row), ref m, ref Unsafe.Add(ref g0, i * next), row, scale, tops[i - from], share);
                (own[i], u[at], s[at]) = (u[at], 0, u[at] + share);
                sums[i] = others + ((1 - mask[i]) * own[i]);
            }
        }
    }

    private static float Top(ref float s, ref float mask, ref float links, int row, float scale)
    {
        Vector256<float> lowest = Vector256.Create(float.NegativeInfinity), highest = lowest;
        for (nuint j = 0; j < (nuint)row; j += 8)
        {
            Vector256<float> w = Vector256.LoadUnsafe(ref mask, j) * Vector256.LoadUnsafe(ref links, j);
            highest = Vector256.MaxNative(highest, Vector256.ConditionalSelect(Vector256.GreaterThan(w, default), Vector256.LoadUnsafe(ref s, j) * scale, lowest));
        }
        return SoftmaxRow.Highest(highest);
    }

    /// <summary>The row without regard to its own token; answers sum u m.</summary>
    private static float Exponentials(ref float s, ref float u, ref float mask, ref float links, int row, float scale, float top, float share)
    {
        Vector256<float> sum = default, highest = Vector256.Create(top);
        for (nuint j = 0; j < (nuint)row; j += 8)
        {
            Vector256<float> x = Vector256.MinNative(Vector256.Create(Highest), (Vector256.LoadUnsafe(ref s, j) * scale) - highest);   // the number second: a NaN passes
            Vector256<float> e = SoftmaxRow.Exp(x) * Vector256.LoadUnsafe(ref links, j);
            e.StoreUnsafe(ref u, j);
            e *= Vector256.LoadUnsafe(ref mask, j);
            sum += e;
            (e + Vector256.Create(share)).StoreUnsafe(ref s, j);
        }
        return Vector256.Sum(sum);
    }

    /// <summary>d, the gradient of P over (sum E + epsilon), becomes that of the scores; that of the mask is added to <paramref name="masked"/>.</summary>
    /// <param name="d">(n, Row).</param>
    /// <param name="u">(n, Row), 0 on the diagonal.</param>
    /// <param name="own">The diagonal of u, (n).</param>
    /// <param name="parts">1 / (sum E + epsilon), (n).</param>
    /// <param name="mask">m, (Row).</param>
    /// <param name="masked">(Row).</param>
    public static void Backward(Span<float> d, ReadOnlySpan<float> u, ReadOnlySpan<float> own, ReadOnlySpan<float> parts, ReadOnlySpan<float> mask, Span<float> masked, float scale, float share)
    {
        int row = mask.Length, n = parts.Length;
        Fit(d.Length, u.Length, own.Length, n, row);
        Fit(d.Length, d.Length, n, n, masked.Length);
        ref float d0 = ref MemoryMarshal.GetReference(d), u0 = ref MemoryMarshal.GetReference(u), m = ref MemoryMarshal.GetReference(mask), dm = ref MemoryMarshal.GetReference(masked);
        for (int i = 0; i < n; i++)
        {
            int at = (i * row) + i;
            float of = d[at], mean = parts[i] * (Dot(ref Unsafe.Add(ref d0, i * row), ref Unsafe.Add(ref u0, i * row), ref m, row, share) + (of * own[i]));
            Gradient(ref Unsafe.Add(ref d0, i * row), ref Unsafe.Add(ref u0, i * row), ref m, ref dm, row, scale, mean);
            d[at] = (of - mean) * own[i] * scale;
        }
    }

    /// <summary>sum d (u m + share).</summary>
    private static float Dot(ref float d, ref float u, ref float mask, int row, float share)
    {
        Vector256<float> dot = default;
        for (nuint j = 0; j < (nuint)row; j += 8)
            dot = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref d, j), Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref u, j), Vector256.LoadUnsafe(ref mask, j), Vector256.Create(share)), dot);
        return Vector256.Sum(dot);
    }

    private static void Gradient(ref float d, ref float u, ref float mask, ref float masked, int row, float scale, float mean)
    {
        for (nuint j = 0; j < (nuint)row; j += 8)
        {
            Vector256<float> t = (Vector256.LoadUnsafe(ref d, j) - Vector256.Create(mean)) * Vector256.LoadUnsafe(ref u, j);
            (t * (Vector256.LoadUnsafe(ref mask, j) * scale)).StoreUnsafe(ref d, j);
            (Vector256.LoadUnsafe(ref masked, j) + t).StoreUnsafe(ref masked, j);
        }
    }

    private static void Fit(int scores, int others, int diagonal, int n, int row)
    {
        SoftmaxRow.Whole(row);
        if (scores != n * row || others != scores || diagonal != n || n > row) throw new ArgumentException($"expected {n} rows of {row} numbers and {n} numbers, got {scores}, {others} and {diagonal} numbers");
    }
}
