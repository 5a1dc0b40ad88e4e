using System.Numerics;

namespace Hone.Quantum.Simulation.Lanes;

/// <summary>
/// A vector register's worth of numbers. Kernels are written once against this; each width is one struct, which the compiler resolves
/// to instructions.
/// </summary>
/// <typeparam name="TVector">The register.</typeparam>
/// <typeparam name="T">double or float.</typeparam>
internal interface ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many numbers it holds, a power of two.</summary>
    static abstract int Count { get; }

    static abstract TVector Load(ref T from, nuint offset);

    static abstract void Store(TVector vector, ref T to, nuint offset);

    /// <summary>The number in every lane.</summary>
    static abstract TVector Spread(T number);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a b + c.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>c - a b.</summary>
    static abstract TVector NegatedMultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Negate(TVector a);

    /// <summary>Lane by lane: the library's own for vectors round otherwise before and after the compiler has optimised them, and results must not.</summary>
    static abstract (TVector Sin, TVector Cos) SinCos(TVector angle);

    /// <summary>Lane i of the answer is lane i xor <paramref name="mask"/>.</summary>
    static abstract TVector Exchange(TVector vector, int mask);

    /// <summary>All bits set in the lanes whose number has this bit, none in the others.</summary>
    static abstract TVector LaneMask(int bit);

    /// <summary>a where the mask's bits are set, b elsewhere.</summary>
    static abstract TVector Select(TVector mask, TVector a, TVector b);

    /// <summary>Halves added to each other again and again: one order, whoever compiled it.</summary>
    static abstract T Sum(TVector vector);
}
