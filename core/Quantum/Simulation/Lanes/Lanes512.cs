using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Quantum.Simulation.Lanes;

/// <summary>512 bits: 8 doubles or 16 floats.</summary>
internal readonly struct Lanes512<T> : ILanes<Vector512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Count => Vector512<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(ref T from, nuint offset) => Vector512.LoadUnsafe(ref from, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<T> vector, ref T to, nuint offset) => vector.StoreUnsafe(ref to, offset);

    public static Vector512<T> Spread(T number) => Vector512.Create(number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Subtract(Vector512<T> a, Vector512<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Multiply(Vector512<T> a, Vector512<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c) => typeof(T) == typeof(double)
        ? Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>()
        : Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> NegatedMultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c) => MultiplyAdd(-a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Negate(Vector512<T> a) => -a;

    public static (Vector512<T> Sin, Vector512<T> Cos) SinCos(Vector512<T> angle)
    {
        Span<T> sin = stackalloc T[Count], cos = stackalloc T[Count];
        for (int lane = 0; lane < sin.Length; lane++) (sin[lane], cos[lane]) = T.SinCos(angle[lane]);
        return (Vector512.Create<T>(sin), Vector512.Create<T>(cos));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Exchange(Vector512<T> vector, int mask) => typeof(T) == typeof(double)
        ? Vector512.ShuffleNative(vector.AsInt64(), Vector512<long>.Indices ^ Vector512.Create((long)mask)).As<long, T>()
        : Vector512.ShuffleNative(vector.AsInt32(), Vector512<int>.Indices ^ Vector512.Create(mask)).As<int, T>();

    public static Vector512<T> LaneMask(int bit) => typeof(T) == typeof(double)
        ? (~Vector512.Equals(Vector512<long>.Indices & Vector512.Create(1L << bit), Vector512<long>.Zero)).As<long, T>()
        : (~Vector512.Equals(Vector512<int>.Indices & Vector512.Create(1 << bit), Vector512<int>.Zero)).As<int, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Select(Vector512<T> mask, Vector512<T> a, Vector512<T> b) => Vector512.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector512<T> vector) => Lanes256<T>.Sum(vector.GetLower() + vector.GetUpper());
}
