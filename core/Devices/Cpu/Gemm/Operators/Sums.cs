using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Devices.Cpu.Gemm.Operators;

/// <summary>One sum.</summary>
internal readonly unsafe struct Sum<T> : IVector<T> where T : unmanaged, INumberBase<T>
{
    public static int Outputs => 1;

    public static T Zero => T.Zero;

    public static T Add(T a, T b) => a + b;

    public static T Load(byte* y) => *(T*)y;

    public static void Store(byte* y, T sums) => *(T*)y = sums;
}

/// <summary>Sums in 128 bits.</summary>
internal readonly unsafe struct Sums128<T> : IVector<Vector128<T>> where T : unmanaged
{
    public static int Outputs => Vector128<T>.Count;

    public static Vector128<T> Zero => Vector128<T>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Add(Vector128<T> a, Vector128<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load(byte* y) => Vector128.Load((T*)y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* y, Vector128<T> sums) => sums.Store((T*)y);
}

/// <summary>Sums in 256 bits.</summary>
internal readonly unsafe struct Sums256<T> : IVector<Vector256<T>> where T : unmanaged
{
    public static int Outputs => Vector256<T>.Count;

    public static Vector256<T> Zero => Vector256<T>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Add(Vector256<T> a, Vector256<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Load(byte* y) => Vector256.Load((T*)y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* y, Vector256<T> sums) => sums.Store((T*)y);
}

/// <summary>Sums in 512 bits.</summary>
internal readonly unsafe struct Sums512<T> : IVector<Vector512<T>> where T : unmanaged
{
    public static int Outputs => Vector512<T>.Count;

    public static Vector512<T> Zero => Vector512<T>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(byte* y) => Vector512.Load((T*)y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* y, Vector512<T> sums) => sums.Store((T*)y);
}
