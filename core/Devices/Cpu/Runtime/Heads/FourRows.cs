using System.Numerics;

namespace Hone.Devices.Cpu.Runtime.Heads;

/// <summary>C [rows][columns] = A [rows][inner] B [inner][columns] for up to four rows: two vectors of columns of four rows in eight registers, K in order.</summary>
internal static unsafe class FourRows
{
    public const int Rows = 4;

    /// <param name="columns">A multiple of two vectors.</param>
    public static void Product(float* a, nint aStride, int rows, float* b, nint bStride, int inner, float* c, nint cStride, int columns)
    {
        // Rows that are not there are computed from the first one and left.
        float* a1 = rows > 1 ? a + aStride : a, a2 = rows > 2 ? a + 2 * aStride : a, a3 = rows > 3 ? a + 3 * aStride : a;
        for (int column = 0; column < columns; column += 2 * Vector<float>.Count)
        {
            Vector<float> s0 = default, t0 = default, s1 = default, t1 = default, s2 = default, t2 = default, s3 = default, t3 = default;
            float* from = b + column;
            for (int k = 0; k < inner; k++, from += bStride)
            {
                Vector<float> v = Vector.Load(from), w = Vector.Load(from + Vector<float>.Count), x = new(a[k]);
                s0 = Vector.FusedMultiplyAdd(x, v, s0);
                t0 = Vector.FusedMultiplyAdd(x, w, t0);
                x = new Vector<float>(a1[k]);
                s1 = Vector.FusedMultiplyAdd(x, v, s1);
                t1 = Vector.FusedMultiplyAdd(x, w, t1);
                x = new Vector<float>(a2[k]);
                s2 = Vector.FusedMultiplyAdd(x, v, s2);
                t2 = Vector.FusedMultiplyAdd(x, w, t2);
                x = new Vector<float>(a3[k]);
                s3 = Vector.FusedMultiplyAdd(x, v, s3);
                t3 = Vector.FusedMultiplyAdd(x, w, t3);
            }
            float* to = c + column;
            Put(to, s0, t0);
            if (rows > 1) Put(to + cStride, s1, t1);
            if (rows > 2) Put(to + 2 * cStride, s2, t2);
            if (rows > 3) Put(to + 3 * cStride, s3, t3);
        }
    }

    private static void Put(float* to, Vector<float> a, Vector<float> b)
    {
        Vector.Store(a, to);
        Vector.Store(b, to + Vector<float>.Count);
    }
}
