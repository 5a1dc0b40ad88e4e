using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Quantum.Simulation.Lanes;

/// <summary>256 bits: 4 doubles or 8 floats.</summary>
internal readonly struct Lanes256<T> : ILanes<Vector256<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Count => Vector256<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Load(ref T from, nuint offset) => Vector256.LoadUnsafe(ref from, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<T> vector, ref T to, nuint offset) => vector.StoreUnsafe(ref to, offset);

    public static Vector256<T> Spread(T number) => Vector256.Create(number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Add(Vector256<T> a, Vector256<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Subtract(Vector256<T> a, Vector256<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Multiply(Vector256<T> a, Vector256<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd(Vector256<T> a, Vector256<T> b, Vector256<T> c) => typeof(T) == typeof(double)
        ? Vector256.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>()
        : Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> NegatedMultiplyAdd(Vector256<T> a, Vector256<T> b, Vector256<T> c) => MultiplyAdd(-a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Negate(Vector256<T> a) => -a;

    public static (Vector256<T> Sin, Vector256<T> Cos) SinCos(Vector256<T> angle)
    {
        Span<T> sin = stackalloc T[Count], cos = stackalloc T[Count];
        for (int lane = 0; lane < sin.Length; lane++) (sin[lane], cos[lane]) = T.SinCos(angle[lane]);
        return (Vector256.Create<T>(sin), Vector256.Create<T>(cos));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Exchange(Vector256<T> vector, int mask) => typeof(T) == typeof(double)
        ? Vector256.ShuffleNative(vector.AsInt64(), Vector256<long>.Indices ^ Vector256.Create((long)mask)).As<long, T>()
        : Vector256.ShuffleNative(vector.AsInt32(), Vector256<int>.Indices ^ Vector256.Create(mask)).As<int, T>();

    public static Vector256<T> LaneMask(int bit) => typeof(T) == typeof(double)
        ? (~Vector256.Equals(Vector256<long>.Indices & Vector256.Create(1L << bit), Vector256<long>.Zero)).As<long, T>()
        : (~Vector256.Equals(Vector256<int>.Indices & Vector256.Create(1 << bit), Vector256<int>.Zero)).As<int, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Select(Vector256<T> mask, Vector256<T> a, Vector256<T> b) => Vector256.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector256<T> vector) => Lanes128<T>.Sum(vector.GetLower() + vector.GetUpper());
}
