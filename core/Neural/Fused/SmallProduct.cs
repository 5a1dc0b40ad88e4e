using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Neural.Fused;

/// <summary>
/// C = A B for matrices that stay in the first caches, float32. Tiles of six rows by sixteen columns stay in registers; every sum runs in the order of the inner index, so the
/// same numbers always give the same bits. Nothing is packed: what makes libtorch's product slow here is its packing, which costs more than the product.
/// </summary>
internal static class SmallProduct
{
    /// <summary>Rows of C are written in whole tiles.</summary>
    public const int RowTile = 6;

    /// <summary>Columns of C are written in whole vectors.</summary>
    public const int ColumnTile = 8;

    /// <summary>C[i, j] = sum over l of A[i, l] B[l, j].</summary>
    /// <param name="a">A[i, l] lies at i * aRow + l * aStep, so a transposed matrix is the same memory with its strides exchanged.</param>
    /// <param name="b">B[l, j] lies at l * bRow + j.</param>
    /// <param name="c">C[i, j] lies at i * cRow + j.</param>
    /// <param name="rows">A multiple of <see cref="RowTile"/>.</param>
    /// <param name="depth">Of the sum; anything.</param>
    /// <param name="columns">A multiple of <see cref="ColumnTile"/>.</param>
    /// <exception cref="ArgumentException">The sizes are no such multiples, or a span is too short for them.</exception>
    public static void Multiply(ReadOnlySpan<float> a, int aRow, int aStep, ReadOnlySpan<float> b, int bRow, Span<float> c, int cRow, int rows, int depth, int columns)
    {
        if (rows % RowTile != 0 || columns % ColumnTile != 0) throw new ArgumentException($"expected rows in multiples of {RowTile} and columns of {ColumnTile}, got {rows} x {columns}");
        if (rows == 0 || columns == 0) return;
        if (depth > 0 && (Last(rows, aRow, depth, aStep) >= a.Length || Last(depth, bRow, columns, 1) >= b.Length) || Last(rows, cRow, columns, 1) >= c.Length)
            throw new ArgumentException($"the spans of {a.Length}, {b.Length} and {c.Length} numbers are too short for {rows} x {depth} x {columns}");
        ref float a0 = ref Unsafe.AsRef(in a.GetPinnableReference()), b0 = ref Unsafe.AsRef(in b.GetPinnableReference()), c0 = ref c.GetPinnableReference();
        for (int i = 0; i < rows; i += RowTile)
        {
            ref float ai = ref Unsafe.Add(ref a0, i * aRow), ci = ref Unsafe.Add(ref c0, i * cRow);
            int j = 0;
            for (; j <= columns - 16; j += 16) SixBySixteen(ref ai, aRow, aStep, ref Unsafe.Add(ref b0, j), bRow, ref Unsafe.Add(ref ci, j), cRow, depth);
            if (j < columns) SixByEight(ref ai, aRow, aStep, ref Unsafe.Add(ref b0, j), bRow, ref Unsafe.Add(ref ci, j), cRow, depth);
        }
    }

    private static long Last(int rows, int row, int columns, int step) => (((long)rows - 1) * row) + (((long)columns - 1) * step);

    private static void SixBySixteen(ref float a, nint aRow, nint aStep, ref float b, nint bRow, ref float c, nint cRow, int depth)
    {
        Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default,
            c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        ref float a3 = ref Unsafe.Add(ref a, 3 * aRow);
        for (int l = 0; l < depth; l++)
        {
            Vector256<float> b0 = Vector256.LoadUnsafe(ref b), b1 = Vector256.LoadUnsafe(ref b, 8), x;
            x = Vector256.Create(a);
            (c00, c01) = (Fused(x, b0, c00), Fused(x, b1, c01));
            x = Vector256.Create(Unsafe.Add(ref a, aRow));
            (c10, c11) = (Fused(x, b0, c10), Fused(x, b1, c11));
            x = Vector256.Create(Unsafe.Add(ref a, 2 * aRow));
            (c20, c21) = (Fused(x, b0, c20), Fused(x, b1, c21));
            x = Vector256.Create(a3);
            (c30, c31) = (Fused(x, b0, c30), Fused(x, b1, c31));
            x = Vector256.Create(Unsafe.Add(ref a3, aRow));
            (c40, c41) = (Fused(x, b0, c40), Fused(x, b1, c41));
            x = Vector256.Create(Unsafe.Add(ref a3, 2 * aRow));
            (c50, c51) = (Fused(x, b0, c50), Fused(x, b1, c51));
            a = ref Unsafe.Add(ref a, aStep);
            a3 = ref Unsafe.Add(ref a3, aStep);
            b = ref Unsafe.Add(ref b, bRow);
        }
        Store(c00, c01, ref c);
        Store(c10, c11, ref c = ref Unsafe.Add(ref c, cRow));
        Store(c20, c21, ref c = ref Unsafe.Add(ref c, cRow));
        Store(c30, c31, ref c = ref Unsafe.Add(ref c, cRow));
        Store(c40, c41, ref c = ref Unsafe.Add(ref c, cRow));
        Store(c50, c51, ref Unsafe.Add(ref c, cRow));
    }

    private static void SixByEight(ref float a, nint aRow, nint aStep, ref float b, nint bRow, ref float c, nint cRow, int depth)
    {
        Vector256<float> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        ref float a3 = ref Unsafe.Add(ref a, 3 * aRow);
        for (int l = 0; l < depth; l++)
        {
            Vector256<float> b0 = Vector256.LoadUnsafe(ref b);
            c0 = Fused(Vector256.Create(a), b0, c0);
            c1 = Fused(Vector256.Create(Unsafe.Add(ref a, aRow)), b0, c1);
            c2 = Fused(Vector256.Create(Unsafe.Add(ref a, 2 * aRow)), b0, c2);
            c3 = Fused(Vector256.Create(a3), b0, c3);
            c4 = Fused(Vector256.Create(Unsafe.Add(ref a3, aRow)), b0, c4);
            c5 = Fused(Vector256.Create(Unsafe.Add(ref a3, 2 * aRow)), b0, c5);
            a = ref Unsafe.Add(ref a, aStep);
            a3 = ref Unsafe.Add(ref a3, aStep);
            b = ref Unsafe.Add(ref b, bRow);
        }
        c0.StoreUnsafe(ref c);
        c1.StoreUnsafe(ref c = ref Unsafe.Add(ref c, cRow));
        c2.StoreUnsafe(ref c = ref Unsafe.Add(ref c, cRow));
        c3.StoreUnsafe(ref c = ref Unsafe.Add(ref c, cRow));
        c4.StoreUnsafe(ref c = ref Unsafe.Add(ref c, cRow));
        c5.StoreUnsafe(ref Unsafe.Add(ref c, cRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> low, Vector256<float> high, ref float to)
    {
        low.StoreUnsafe(ref to);
        high.StoreUnsafe(ref to, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Fused(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.MultiplyAddEstimate(a, b, c);
}
