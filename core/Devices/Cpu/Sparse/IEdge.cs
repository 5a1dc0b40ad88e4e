using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Sparse;

/// <summary>How the last vector of a tile comes from memory and goes back.</summary>
internal unsafe interface IEdge
{
    static abstract T Load<TFloats, T>(float* from, int count) where TFloats : struct, IFloats<T> where T : unmanaged;

    static abstract void Store<TFloats, T>(T values, float* to, int count) where TFloats : struct, IFloats<T> where T : unmanaged;
}

/// <summary>All lanes.</summary>
internal readonly unsafe struct Whole : IEdge
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<TFloats, T>(float* from, int count) where TFloats : struct, IFloats<T> where T : unmanaged => TFloats.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TFloats, T>(T values, float* to, int count) where TFloats : struct, IFloats<T> where T : unmanaged => TFloats.Store(values, to);
}

/// <summary>The first lanes.</summary>
internal readonly unsafe struct Partial : IEdge
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<TFloats, T>(float* from, int count) where TFloats : struct, IFloats<T> where T : unmanaged => TFloats.Load(from, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TFloats, T>(T values, float* to, int count) where TFloats : struct, IFloats<T> where T : unmanaged => TFloats.Store(values, to, count);
}

/// <summary>A tile's columns in a row of X or Y: vectors of which the last may be cut.</summary>
internal static unsafe class Cut<TFloats, T, TWidth, TEdge> where TFloats : struct, IFloats<T> where T : unmanaged where TWidth : struct, ICount where TEdge : struct, IEdge
{
    /// <param name="last">Lanes of the last vector where it is cut.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(float* row, int vector, int last) =>
        vector == TWidth.Value - 1 ? TEdge.Load<TFloats, T>(row + vector * TFloats.Lanes, last) : TFloats.Load(row + vector * TFloats.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* row, T v0, T v1, T v2, T v3, int last)
    {
        Store(row, 0, v0, last);
        if (TWidth.Value > 1) Store(row, 1, v1, last);
        if (TWidth.Value > 2) Store(row, 2, v2, last);
        if (TWidth.Value > 3) Store(row, 3, v3, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* row, int vector, T values, int last)
    {
        if (vector == TWidth.Value - 1) TEdge.Store<TFloats, T>(values, row + vector * TFloats.Lanes, last);
        else TFloats.Store(values, row + vector * TFloats.Lanes);
    }
}
