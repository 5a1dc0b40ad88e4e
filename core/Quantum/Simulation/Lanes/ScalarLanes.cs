using System.Numerics;

namespace Hone.Quantum.Simulation.Lanes;

/// <summary>One number at a time: the engines without vectors, to compare with.</summary>
internal readonly struct ScalarLanes<T> : ILanes<T, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Count => 1;

    public static T Load(ref T from, nuint offset) => System.Runtime.CompilerServices.Unsafe.Add(ref from, offset);

    public static void Store(T vector, ref T to, nuint offset) => System.Runtime.CompilerServices.Unsafe.Add(ref to, offset) = vector;

    public static T Spread(T number) => number;

    public static T Add(T a, T b) => a + b;

    public static T Subtract(T a, T b) => a - b;

    public static T Multiply(T a, T b) => a * b;

    public static T MultiplyAdd(T a, T b, T c) => T.FusedMultiplyAdd(a, b, c);

    public static T NegatedMultiplyAdd(T a, T b, T c) => T.FusedMultiplyAdd(-a, b, c);

    public static T Negate(T a) => -a;

    public static (T Sin, T Cos) SinCos(T angle) => T.SinCos(angle);

    public static T Exchange(T vector, int mask) => vector;

    public static T LaneMask(int bit) => T.Zero;

    public static T Select(T mask, T a, T b) => b;

    public static T Sum(T vector) => vector;
}
