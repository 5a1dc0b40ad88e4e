using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hone.Devices.Cpu.Gemm.Operators;

/// <summary>One sum.</summary>
internal readonly unsafe struct Sum<T> : IVector<T> where T : unmanaged, INumberBase<T>
{
    public static int Outputs => 1;

    public static T Zero => T.Zero;

    public static void Put(byte* y, T sums, bool first) => *(T*)y = first ? sums : *(T*)y + sums;
}

/// <summary>Sums in 128 bits.</summary>
internal readonly unsafe struct Sums128<T> : IVector<Vector128<T>> where T : unmanaged
{
    public static int Outputs => Vector128<T>.Count;

    public static Vector128<T> Zero => Vector128<T>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(byte* y, Vector128<T> sums, bool first) => (first ? sums : Vector128.Load((T*)y) + sums).Store((T*)y);
}

/// <summary>Sums in 256 bits.</summary>
internal readonly unsafe struct Sums256<T> : IVector<Vector256<T>> where T : unmanaged
{
    public static int Outputs => Vector256<T>.Count;

    public static Vector256<T> Zero => Vector256<T>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(byte* y, Vector256<T> sums, bool first) => (first ? sums : Vector256.Load((T*)y) + sums).Store((T*)y);
}

/// <summary>Sums in 512 bits.</summary>
internal readonly unsafe struct Sums512<T> : IVector<Vector512<T>> where T : unmanaged
{
    public static int Outputs => Vector512<T>.Count;

    public static Vector512<T> Zero => Vector512<T>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(byte* y, Vector512<T> sums, bool first) => (first ? sums : Vector512.Load((T*)y) + sums).Store((T*)y);
}

/// <summary>Two sums in 16 bits to an output, made one of 32 bits when they are put: so many steps as fit 16 bits come between (AVX2).</summary>
internal readonly unsafe struct PairSums256 : IVector<Vector256<short>>
{
    public static int Outputs => Vector256<int>.Count;

    public static Vector256<short> Zero => Vector256<short>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(byte* y, Vector256<short> sums, bool first)
    {
        Vector256<int> wide = Avx2.MultiplyAddAdjacent(sums, Vector256<short>.One);
        (first ? wide : Vector256.Load((int*)y) + wide).Store((int*)y);
    }
}

/// <summary>The same in 512 bits (AVX-512 BW).</summary>
internal readonly unsafe struct PairSums512 : IVector<Vector512<short>>
{
    public static int Outputs => Vector512<int>.Count;

    public static Vector512<short> Zero => Vector512<short>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(byte* y, Vector512<short> sums, bool first)
    {
        Vector512<int> wide = Avx512BW.MultiplyAddAdjacent(sums, Vector512<short>.One);
        (first ? wide : Vector512.Load((int*)y) + wide).Store((int*)y);
    }
}
