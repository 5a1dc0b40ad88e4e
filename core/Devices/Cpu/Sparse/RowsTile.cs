using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Sparse;

/// <summary>
/// The inner loop of SpMM with blocks: up to four rows of Y times up to four vectors of columns in sixteen registers while the kept columns of W run. Each row of X is loaded once for
/// these rows of Y.
/// </summary>
internal static unsafe class RowsTile<TFloats, T, TRows, TWidth, TEdge>
    where TFloats : struct, IFloats<T> where T : unmanaged where TRows : struct, ICount where TWidth : struct, ICount where TEdge : struct, IEdge
{
    /// <summary>Y += W X.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(TileCall* call)
    {
        float* x = call->X, y = call->Y, w = call->Weights;
        nint stride = call->XStride, yStride = call->YStride;
        int last = call->Last;
        ushort* begin = call->Listed, end = begin + call->Count;
        for (int* rows = call->Rows, done = rows + call->Tiles * TRows.Value; rows < done; rows += TRows.Value)
        {
            float* y0 = y + rows[0] * yStride, y1 = null, y2 = null, y3 = null;
            Load(y0, out T a0, out T a1, out T a2, out T a3, last);
            T b0 = default, b1 = default, b2 = default, b3 = default, c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
            if (TRows.Value > 1) Load(y1 = y + rows[1] * yStride, out b0, out b1, out b2, out b3, last);
            if (TRows.Value > 2) Load(y2 = y + rows[2] * yStride, out c0, out c1, out c2, out c3, last);
            if (TRows.Value > 3) Load(y3 = y + rows[3] * yStride, out d0, out d1, out d2, out d3, last);
            for (ushort* listed = begin; listed < end; listed++)
            {
                float* row = x + *listed * stride;
                T wa = TFloats.Broadcast(w), wb = default, wc = default, wd = default;
                if (TRows.Value > 1) wb = TFloats.Broadcast(w + 1);
                if (TRows.Value > 2) wc = TFloats.Broadcast(w + 2);
                if (TRows.Value > 3) wd = TFloats.Broadcast(w + 3);
                w += SparseKernel.Rows;
                Add(Load(row, 0, last), wa, wb, wc, wd, ref a0, ref b0, ref c0, ref d0);
                if (TWidth.Value > 1) Add(Load(row, 1, last), wa, wb, wc, wd, ref a1, ref b1, ref c1, ref d1);
                if (TWidth.Value > 2) Add(Load(row, 2, last), wa, wb, wc, wd, ref a2, ref b2, ref c2, ref d2);
                if (TWidth.Value > 3) Add(Load(row, 3, last), wa, wb, wc, wd, ref a3, ref b3, ref c3, ref d3);
            }
            Cut<TFloats, T, TWidth, TEdge>.Store(y0, a0, a1, a2, a3, last);
            if (TRows.Value > 1) Cut<TFloats, T, TWidth, TEdge>.Store(y1, b0, b1, b2, b3, last);
            if (TRows.Value > 2) Cut<TFloats, T, TWidth, TEdge>.Store(y2, c0, c1, c2, c3, last);
            if (TRows.Value > 3) Cut<TFloats, T, TWidth, TEdge>.Store(y3, d0, d1, d2, d3, last);
        }
    }

    // A vector of X for all rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T v, T wa, T wb, T wc, T wd, ref T a, ref T b, ref T c, ref T d)
    {
        a = TFloats.MultiplyAdd(v, wa, a);
        if (TRows.Value > 1) b = TFloats.MultiplyAdd(v, wb, b);
        if (TRows.Value > 2) c = TFloats.MultiplyAdd(v, wc, c);
        if (TRows.Value > 3) d = TFloats.MultiplyAdd(v, wd, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(float* y, out T v0, out T v1, out T v2, out T v3, int last)
    {
        v0 = Load(y, 0, last);
        v1 = v2 = v3 = default;
        if (TWidth.Value > 1) v1 = Load(y, 1, last);
        if (TWidth.Value > 2) v2 = Load(y, 2, last);
        if (TWidth.Value > 3) v3 = Load(y, 3, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Load(float* row, int vector, int last) => Cut<TFloats, T, TWidth, TEdge>.Load(row, vector, last);
}
