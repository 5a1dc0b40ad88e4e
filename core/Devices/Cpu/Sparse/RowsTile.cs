using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Sparse;

/// <summary>
/// The inner loop of SpMM with blocks: four rows of Y times up to four vectors of columns in sixteen registers while the kept columns of W run. Each row of X is loaded once for
/// four rows of Y.
/// </summary>
internal static unsafe class RowsTile<TFloats, T, TWidth, TEdge> where TFloats : struct, IFloats<T> where T : unmanaged where TWidth : struct, IWidth where TEdge : struct, IEdge
{
    public const int Rows = 4;

    /// <summary>Y += W X.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(TileCall* call)
    {
        float* x = call->X, w = call->Weights;
        nint stride = call->Stride;
        int last = call->Last;
        ushort* listed = call->Listed, end = listed + call->Count;
        float* y0 = call->Y0, y1 = call->Y1, y2 = call->Y2, y3 = call->Y3;
        T a1 = default, b1 = default, c1 = default, d1 = default, a2 = default, b2 = default, c2 = default, d2 = default, a3 = default, b3 = default, c3 = default, d3 = default;
        T a0 = Load(y0, 0, last), b0 = Load(y1, 0, last), c0 = Load(y2, 0, last), d0 = Load(y3, 0, last);
        if (TWidth.Vectors > 1) (a1, b1, c1, d1) = (Load(y0, 1, last), Load(y1, 1, last), Load(y2, 1, last), Load(y3, 1, last));
        if (TWidth.Vectors > 2) (a2, b2, c2, d2) = (Load(y0, 2, last), Load(y1, 2, last), Load(y2, 2, last), Load(y3, 2, last));
        if (TWidth.Vectors > 3) (a3, b3, c3, d3) = (Load(y0, 3, last), Load(y1, 3, last), Load(y2, 3, last), Load(y3, 3, last));
        for (; listed < end; listed++)
        {
            float* row = x + *listed * stride;
            T wa = TFloats.Broadcast(w), wb = TFloats.Broadcast(w + 1), wc = TFloats.Broadcast(w + 2), wd = TFloats.Broadcast(w + 3);
            w += Rows;
            T v = Load(row, 0, last);
            a0 = TFloats.MultiplyAdd(v, wa, a0);
            b0 = TFloats.MultiplyAdd(v, wb, b0);
            c0 = TFloats.MultiplyAdd(v, wc, c0);
            d0 = TFloats.MultiplyAdd(v, wd, d0);
            if (TWidth.Vectors > 1)
            {
                v = Load(row, 1, last);
                a1 = TFloats.MultiplyAdd(v, wa, a1);
                b1 = TFloats.MultiplyAdd(v, wb, b1);
                c1 = TFloats.MultiplyAdd(v, wc, c1);
                d1 = TFloats.MultiplyAdd(v, wd, d1);
            }
            if (TWidth.Vectors > 2)
            {
                v = Load(row, 2, last);
                a2 = TFloats.MultiplyAdd(v, wa, a2);
                b2 = TFloats.MultiplyAdd(v, wb, b2);
                c2 = TFloats.MultiplyAdd(v, wc, c2);
                d2 = TFloats.MultiplyAdd(v, wd, d2);
            }
            if (TWidth.Vectors > 3)
            {
                v = Load(row, 3, last);
                a3 = TFloats.MultiplyAdd(v, wa, a3);
                b3 = TFloats.MultiplyAdd(v, wb, b3);
                c3 = TFloats.MultiplyAdd(v, wc, c3);
                d3 = TFloats.MultiplyAdd(v, wd, d3);
            }
        }
        Cut<TFloats, T, TWidth, TEdge>.Store(y0, a0, a1, a2, a3, last);
        Cut<TFloats, T, TWidth, TEdge>.Store(y1, b0, b1, b2, b3, last);
        Cut<TFloats, T, TWidth, TEdge>.Store(y2, c0, c1, c2, c3, last);
        Cut<TFloats, T, TWidth, TEdge>.Store(y3, d0, d1, d2, d3, last);
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Load(float* row, int vector, int last) => Cut<TFloats, T, TWidth, TEdge>.Load(row, vector, last);
}
