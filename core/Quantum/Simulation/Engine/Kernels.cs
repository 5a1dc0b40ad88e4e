using System.Numerics;
using System.Runtime.CompilerServices;
using Hone.Quantum.Simulation.Lanes;
using static Hone.Quantum.Simulation.Engine.Places;

namespace Hone.Quantum.Simulation.Engine;

/// <summary>
/// Passes over a state [V][re, im][L]: V vectors of L lanes each, real parts beside imaginary ones. Qubits named here number the vectors
/// (bit b of a vector's index); what the lanes are, other samples or the lowest qubits, does not matter to them. They are compiled once and
/// for good: before that they would be a hundred times slower, for longer than a small circuit trains.
/// </summary>
internal static class Kernels<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static nuint L => (nuint)TLanes.Count;

    /// <summary>Turns a qubit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(ref T state, int vectors, int bit, in Turn<TLanes, TVector, T> turn)
    {
        (TVector ar, TVector ai, TVector br, TVector bi) = (turn.Ar, turn.Ai, turn.Br, turn.Bi);
        nuint stride = 2 * L << bit;
        for (int k = 0; k < vectors / 2; k++)
        {
            nuint at = Without(k, bit) * 2 * L;
            Pair(ref state, at, at + stride, ar, ai, br, bi);
        }
    }

    /// <summary>Turns two qubits in one pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(ref T state, int vectors, int bitA, in Turn<TLanes, TVector, T> a, int bitB, in Turn<TLanes, TVector, T> b)
    {
        (TVector aar, TVector aai, TVector abr, TVector abi) = (a.Ar, a.Ai, a.Br, a.Bi);
        (TVector bar, TVector bai, TVector bbr, TVector bbi) = (b.Ar, b.Ai, b.Br, b.Bi);
        nuint strideA = 2 * L << bitA, strideB = 2 * L << bitB;
        (int low, int high) = (Math.Min(bitA, bitB), Math.Max(bitA, bitB));
        for (int k = 0; k < vectors / 4; k++)
        {
            nuint at = Without((int)Without(k, low), high) * 2 * L;
            ref T p00 = ref Unsafe.Add(ref state, at);
            TVector r0 = TLanes.Load(ref p00, 0), i0 = TLanes.Load(ref p00, L), r1 = TLanes.Load(ref p00, strideA), i1 = TLanes.Load(ref p00, strideA + L);
            TVector r2 = TLanes.Load(ref p00, strideB), i2 = TLanes.Load(ref p00, strideB + L), r3 = TLanes.Load(ref p00, strideA + strideB), i3 = TLanes.Load(ref p00, strideA + strideB + L);
            Turned(ref r0, ref i0, ref r1, ref i1, aar, aai, abr, abi);
            Turned(ref r2, ref i2, ref r3, ref i3, aar, aai, abr, abi);
            Turned(ref r0, ref i0, ref r2, ref i2, bar, bai, bbr, bbi);
            Turned(ref r1, ref i1, ref r3, ref i3, bar, bai, bbr, bbi);
            TLanes.Store(r0, ref p00, 0);
            TLanes.Store(i0, ref p00, L);
            TLanes.Store(r1, ref p00, strideA);
            TLanes.Store(i1, ref p00, strideA + L);
            TLanes.Store(r2, ref p00, strideB);
            TLanes.Store(i2, ref p00, strideB + L);
            TLanes.Store(r3, ref p00, strideA + strideB);
            TLanes.Store(i3, ref p00, strideA + strideB + L);
        }
    }

    /// <summary>Turns a qubit where another is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ControlledTurn(ref T state, int vectors, int bit, int control, in Turn<TLanes, TVector, T> turn)
    {
        (TVector ar, TVector ai, TVector br, TVector bi) = (turn.Ar, turn.Ai, turn.Br, turn.Bi);
        nuint stride = 2 * L << bit;
        for (int k = 0; k < vectors / 4; k++)
        {
            nuint at = Controlled(k, bit, control) * 2 * L;
            Pair(ref state, at, at + stride, ar, ai, br, bi);
        }
    }

    /// <summary>Flips a qubit where another is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Flip(ref T state, int vectors, int bit, int control)
    {
        nuint stride = 2 * L << bit;
        for (int k = 0; k < vectors / 4; k++)
        {
            ref T p0 = ref Unsafe.Add(ref state, Controlled(k, bit, control) * 2 * L);
            TVector r0 = TLanes.Load(ref p0, 0), i0 = TLanes.Load(ref p0, L), r1 = TLanes.Load(ref p0, stride), i1 = TLanes.Load(ref p0, stride + L);
            TLanes.Store(r1, ref p0, 0);
            TLanes.Store(i1, ref p0, L);
            TLanes.Store(r0, ref p0, stride);
            TLanes.Store(i0, ref p0, stride + L);
        }
    }

    /// <summary>exp(-i angle / 2 ZZ), given the half angle's cosine and sine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Parity(ref T state, int vectors, int bitA, int bitB, TVector cos, TVector sin)
    {
        TVector minus = TLanes.Negate(sin);
        for (int v = 0; v < vectors; v++)
        {
            ref T p = ref Unsafe.Add(ref state, (nuint)v * 2 * L);
            TVector r = TLanes.Load(ref p, 0), i = TLanes.Load(ref p, L), s = ((v >> bitA ^ v >> bitB) & 1) == 0 ? sin : minus;
            TLanes.Store(TLanes.MultiplyAdd(s, i, TLanes.Multiply(cos, r)), ref p, 0);
            TLanes.Store(TLanes.NegatedMultiplyAdd(s, r, TLanes.Multiply(cos, i)), ref p, L);
        }
    }

    /// <summary>
    /// One step back: adds up (x, y, z) = Im &lt;lam| P |psi> on a qubit (where a control is 1, or everywhere: control -1), then undoes the turn in both.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (TVector X, TVector Y, TVector Z) TurnBack(ref T psi, ref T lam, int vectors, int bit, int control, in Turn<TLanes, TVector, T> undo)
    {
        (TVector ar, TVector ai, TVector br, TVector bi) = (undo.Ar, undo.Ai, undo.Br, undo.Bi);
        TVector zero = TLanes.Spread(T.Zero), x = zero, y = zero, z = zero, x2 = zero, y2 = zero, z2 = zero;
        nuint stride = 2 * L << bit;
        int pairs = control < 0 ? vectors / 2 : vectors / 4;
        for (int k = 0; k < pairs; k++)
        {
            nuint at = (control < 0 ? Without(k, bit) : Controlled(k, bit, control)) * 2 * L;
            ref T p = ref Unsafe.Add(ref psi, at);
            ref T l = ref Unsafe.Add(ref lam, at);
            TVector p0r = TLanes.Load(ref p, 0), p0i = TLanes.Load(ref p, L), p1r = TLanes.Load(ref p, stride), p1i = TLanes.Load(ref p, stride + L);
            TVector l0r = TLanes.Load(ref l, 0), l0i = TLanes.Load(ref l, L), l1r = TLanes.Load(ref l, stride), l1i = TLanes.Load(ref l, stride + L);
            x = TLanes.NegatedMultiplyAdd(l0i, p1r, TLanes.MultiplyAdd(l0r, p1i, x));
            x2 = TLanes.NegatedMultiplyAdd(l1i, p0r, TLanes.MultiplyAdd(l1r, p0i, x2));
            y = TLanes.MultiplyAdd(l1r, p0r, TLanes.MultiplyAdd(l1i, p0i, y));
            y2 = TLanes.NegatedMultiplyAdd(l0r, p1r, TLanes.NegatedMultiplyAdd(l0i, p1i, y2));
            z = TLanes.NegatedMultiplyAdd(l0i, p0r, TLanes.MultiplyAdd(l0r, p0i, z));
            z2 = TLanes.MultiplyAdd(l1i, p1r, TLanes.NegatedMultiplyAdd(l1r, p1i, z2));
            Turned(ref p0r, ref p0i, ref p1r, ref p1i, ar, ai, br, bi);
            Turned(ref l0r, ref l0i, ref l1r, ref l1i, ar, ai, br, bi);
            TLanes.Store(p0r, ref p, 0);
            TLanes.Store(p0i, ref p, L);
            TLanes.Store(p1r, ref p, stride);
            TLanes.Store(p1i, ref p, stride + L);
            TLanes.Store(l0r, ref l, 0);
            TLanes.Store(l0i, ref l, L);
            TLanes.Store(l1r, ref l, stride);
            TLanes.Store(l1i, ref l, stride + L);
        }
        return (TLanes.Add(x, x2), TLanes.Add(y, y2), TLanes.Add(z, z2));
    }

    /// <summary>Im &lt;lam| ZZ |psi>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TVector ParitySum(ref T psi, ref T lam, int vectors, int bitA, int bitB)
    {
        TVector even = TLanes.Spread(T.Zero), odd = even;
        for (int v = 0; v < vectors; v++)
        {
            nuint at = (nuint)v * 2 * L;
            TVector pr = TLanes.Load(ref psi, at), pi = TLanes.Load(ref psi, at + L), lr = TLanes.Load(ref lam, at), li = TLanes.Load(ref lam, at + L);
            TVector product = TLanes.NegatedMultiplyAdd(li, pr, TLanes.Multiply(lr, pi));
            if (((v >> bitA ^ v >> bitB) & 1) == 0) even = TLanes.Add(even, product);
            else odd = TLanes.Add(odd, product);
        }
        return TLanes.Subtract(even, odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(ref T state, nuint at0, nuint at1, TVector ar, TVector ai, TVector br, TVector bi)
    {
        TVector r0 = TLanes.Load(ref state, at0), i0 = TLanes.Load(ref state, at0 + L), r1 = TLanes.Load(ref state, at1), i1 = TLanes.Load(ref state, at1 + L);
        Turned(ref r0, ref i0, ref r1, ref i1, ar, ai, br, bi);
        TLanes.Store(r0, ref state, at0);
        TLanes.Store(i0, ref state, at0 + L);
        TLanes.Store(r1, ref state, at1);
        TLanes.Store(i1, ref state, at1 + L);
    }

    /// <summary>(p0, p1) = (a p0 + b p1, -b* p0 + a* p1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turned(ref TVector r0, ref TVector i0, ref TVector r1, ref TVector i1, TVector ar, TVector ai, TVector br, TVector bi)
    {
        TVector nr0 = TLanes.NegatedMultiplyAdd(bi, i1, TLanes.MultiplyAdd(br, r1, TLanes.NegatedMultiplyAdd(ai, i0, TLanes.Multiply(ar, r0))));
        TVector ni0 = TLanes.MultiplyAdd(bi, r1, TLanes.MultiplyAdd(br, i1, TLanes.MultiplyAdd(ai, r0, TLanes.Multiply(ar, i0))));
        TVector nr1 = TLanes.MultiplyAdd(ai, i1, TLanes.NegatedMultiplyAdd(bi, i0, TLanes.NegatedMultiplyAdd(br, r0, TLanes.Multiply(ar, r1))));
        TVector ni1 = TLanes.NegatedMultiplyAdd(ai, r1, TLanes.MultiplyAdd(bi, r0, TLanes.NegatedMultiplyAdd(br, i0, TLanes.Multiply(ar, i1))));
        (r0, i0, r1, i1) = (nr0, ni0, nr1, ni1);
    }

    /// <summary>k with a 0 put in at one bit and a 1 at another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint Controlled(int k, int bit, int control) => Without((int)Without(k, Math.Min(bit, control)), Math.Max(bit, control)) | ((nuint)1 << control);
}
