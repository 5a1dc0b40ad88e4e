using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Sparse;

/// <summary>The inner loop of SpMM with CSR: one row of Y times up to four vectors of columns while the row's kept weights run.</summary>
internal static unsafe class RowTile<TFloats, T, TWidth, TEdge> where TFloats : struct, IFloats<T> where T : unmanaged where TWidth : struct, ICount where TEdge : struct, IEdge
{
    /// <summary>Y += W X.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(TileCall* call)
    {
        float* x = call->X, w = call->Weights, y = call->Y;
        nint stride = call->XStride;
        int last = call->Last;
        ushort* listed = call->Listed, end = listed + call->Count;
        T s0 = Load(y, 0, last), s1 = default, s2 = default, s3 = default;
        if (TWidth.Value > 1) s1 = Load(y, 1, last);
        if (TWidth.Value > 2) s2 = Load(y, 2, last);
        if (TWidth.Value > 3) s3 = Load(y, 3, last);
        for (; listed < end; listed++)
        {
            float* row = x + *listed * stride;
            T weight = TFloats.Broadcast(w++);
            s0 = TFloats.MultiplyAdd(Load(row, 0, last), weight, s0);
            if (TWidth.Value > 1) s1 = TFloats.MultiplyAdd(Load(row, 1, last), weight, s1);
            if (TWidth.Value > 2) s2 = TFloats.MultiplyAdd(Load(row, 2, last), weight, s2);
            if (TWidth.Value > 3) s3 = TFloats.MultiplyAdd(Load(row, 3, last), weight, s3);
        }
        Cut<TFloats, T, TWidth, TEdge>.Store(y, s0, s1, s2, s3, last);
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Load(float* row, int vector, int last) => Cut<TFloats, T, TWidth, TEdge>.Load(row, vector, last);
}
