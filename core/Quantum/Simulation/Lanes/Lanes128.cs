using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Quantum.Simulation.Lanes;

/// <summary>128 bits: 2 doubles or 4 floats.</summary>
internal readonly struct Lanes128<T> : ILanes<Vector128<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Count => Vector128<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load(ref T from, nuint offset) => Vector128.LoadUnsafe(ref from, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<T> vector, ref T to, nuint offset) => vector.StoreUnsafe(ref to, offset);

    public static Vector128<T> Spread(T number) => Vector128.Create(number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Add(Vector128<T> a, Vector128<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Subtract(Vector128<T> a, Vector128<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Multiply(Vector128<T> a, Vector128<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MultiplyAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c) => typeof(T) == typeof(double)
        ? Vector128.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>()
        : Vector128.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> NegatedMultiplyAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c) => MultiplyAdd(-a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Negate(Vector128<T> a) => -a;

    public static (Vector128<T> Sin, Vector128<T> Cos) SinCos(Vector128<T> angle)
    {
        Span<T> sin = stackalloc T[Count], cos = stackalloc T[Count];
        for (int lane = 0; lane < sin.Length; lane++) (sin[lane], cos[lane]) = T.SinCos(angle[lane]);
        return (Vector128.Create<T>(sin), Vector128.Create<T>(cos));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Exchange(Vector128<T> vector, int mask) => typeof(T) == typeof(double)
        ? Vector128.ShuffleNative(vector.AsInt64(), Vector128<long>.Indices ^ Vector128.Create((long)mask)).As<long, T>()
        : Vector128.ShuffleNative(vector.AsInt32(), Vector128<int>.Indices ^ Vector128.Create(mask)).As<int, T>();

    public static Vector128<T> LaneMask(int bit) => typeof(T) == typeof(double)
        ? (~Vector128.Equals(Vector128<long>.Indices & Vector128.Create(1L << bit), Vector128<long>.Zero)).As<long, T>()
        : (~Vector128.Equals(Vector128<int>.Indices & Vector128.Create(1 << bit), Vector128<int>.Zero)).As<int, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Select(Vector128<T> mask, Vector128<T> a, Vector128<T> b) => Vector128.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector128<T> vector) => Count == 2 ? vector[0] + vector[1] : vector[0] + vector[2] + (vector[1] + vector[3]);
}
