using System.Numerics;
using System.Runtime.CompilerServices;
using Hone.Quantum.Simulation.Lanes;
using static Hone.Quantum.Simulation.Engine.Places;

namespace Hone.Quantum.Simulation.Engine;

/// <summary>
/// Passes over a state [V][re, im][L] of one sample whose lanes are its lowest qubits: what <see cref="Kernels{TLanes, TVector, T}"/> does
/// between vectors, here within them. "Lane" names a bit of the lanes' numbers, "bit" one of the vectors'.
/// </summary>
internal static class LaneKernels<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static nuint L => (nuint)TLanes.Count;

    /// <summary>Turns lane qubits, one after the other, in one pass.</summary>
    /// <param name="control">A bit that must be 1; -1: none.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(ref T state, int vectors, ReadOnlySpan<LaneTurn<TLanes, TVector, T>> turns, int control = -1)
    {
        int count = control < 0 ? vectors : vectors / 2;
        for (int k = 0; k < count; k++)
        {
            ref T p = ref Unsafe.Add(ref state, (control < 0 ? (nuint)k : With(k, control)) * 2 * L);
            TVector re = TLanes.Load(ref p, 0), im = TLanes.Load(ref p, L);
            foreach (ref readonly LaneTurn<TLanes, TVector, T> turn in turns) turn.Apply(ref re, ref im);
            TLanes.Store(re, ref p, 0);
            TLanes.Store(im, ref p, L);
        }
    }

    /// <summary>Flips a lane qubit where another lane qubit is 1 (-1: everywhere), and a bit is (-1: whatever it is).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Flip(ref T state, int vectors, int lane, int controlLane, int controlBit)
    {
        int mask = 1 << lane, count = controlBit < 0 ? vectors : vectors / 2;
        TVector acts = controlLane < 0 ? default : TLanes.LaneMask(controlLane);
        for (int k = 0; k < count; k++)
        {
            ref T p = ref Unsafe.Add(ref state, (controlBit < 0 ? (nuint)k : With(k, controlBit)) * 2 * L);
            TVector re = TLanes.Load(ref p, 0), im = TLanes.Load(ref p, L), pr = TLanes.Exchange(re, mask), pi = TLanes.Exchange(im, mask);
            TLanes.Store(controlLane < 0 ? pr : TLanes.Select(acts, pr, re), ref p, 0);
            TLanes.Store(controlLane < 0 ? pi : TLanes.Select(acts, pi, im), ref p, L);
        }
    }

    /// <summary>Flips a bit where a lane qubit is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FlipBit(ref T state, int vectors, int bit, int controlLane)
    {
        TVector acts = TLanes.LaneMask(controlLane);
        nuint stride = 2 * L << bit;
        for (int k = 0; k < vectors / 2; k++)
        {
            ref T p = ref Unsafe.Add(ref state, Without(k, bit) * 2 * L);
            for (nuint part = 0; part <= L; part += L)
            {
                TVector low = TLanes.Load(ref p, part), high = TLanes.Load(ref p, part + stride);
                TLanes.Store(TLanes.Select(acts, high, low), ref p, part);
                TLanes.Store(TLanes.Select(acts, low, high), ref p, part + stride);
            }
        }
    }

    /// <summary>exp(-i angle / 2 ZZ) of a lane qubit and another lane qubit (bit -1) or a bit (other lane -1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Parity(ref T state, int vectors, int lane, int otherLane, int bit, TVector cos, TVector sin)
    {
        TVector even = Signed(lane, otherLane, sin), odd = TLanes.Negate(even);
        for (int v = 0; v < vectors; v++)
        {
            ref T p = ref Unsafe.Add(ref state, (nuint)v * 2 * L);
            TVector r = TLanes.Load(ref p, 0), i = TLanes.Load(ref p, L), s = bit >= 0 && (v >> bit & 1) == 1 ? odd : even;
            TLanes.Store(TLanes.MultiplyAdd(s, i, TLanes.Multiply(cos, r)), ref p, 0);
            TLanes.Store(TLanes.NegatedMultiplyAdd(s, r, TLanes.Multiply(cos, i)), ref p, L);
        }
    }

    /// <summary>One step back of a lane qubit: (x, y, z) = Im &lt;lam| P |psi> where the controls are 1, then the turn undone in both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (TVector X, TVector Y, TVector Z) TurnBack(ref T psi, ref T lam, int vectors, int lane, int controlLane, int controlBit, in LaneTurn<TLanes, TVector, T> undo)
    {
        TVector zero = TLanes.Spread(T.Zero), x = zero, y = zero, z = zero;
        int mask = 1 << lane, count = controlBit < 0 ? vectors : vectors / 2;
        for (int k = 0; k < count; k++)
        {
            nuint at = (controlBit < 0 ? (nuint)k : With(k, controlBit)) * 2 * L;
            ref T p = ref Unsafe.Add(ref psi, at);
            ref T l = ref Unsafe.Add(ref lam, at);
            TVector pr = TLanes.Load(ref p, 0), pi = TLanes.Load(ref p, L), lr = TLanes.Load(ref l, 0), li = TLanes.Load(ref l, L);
            TVector or = TLanes.Exchange(pr, mask), oi = TLanes.Exchange(pi, mask);
            x = TLanes.NegatedMultiplyAdd(li, or, TLanes.MultiplyAdd(lr, oi, x));
            y = TLanes.MultiplyAdd(lr, or, TLanes.MultiplyAdd(li, oi, y));
            z = TLanes.NegatedMultiplyAdd(li, pr, TLanes.MultiplyAdd(lr, pi, z));
            undo.Apply(ref pr, ref pi);
            undo.Apply(ref lr, ref li);
            TLanes.Store(pr, ref p, 0);
            TLanes.Store(pi, ref p, L);
            TLanes.Store(lr, ref l, 0);
            TLanes.Store(li, ref l, L);
        }
        TVector ones = TLanes.LaneMask(lane), acts = controlLane < 0 ? zero : TLanes.LaneMask(controlLane);
        TVector Acting(TVector sum) => controlLane < 0 ? sum : TLanes.Select(acts, sum, zero);
        // Y's sign is minus where the qubit is 0, Z's where it is 1.
        return (Acting(x), Acting(TLanes.Select(ones, y, TLanes.Negate(y))), Acting(TLanes.Select(ones, TLanes.Negate(z), z)));
    }

    /// <summary>Im &lt;lam| ZZ |psi> of a lane qubit and another lane qubit (bit -1) or a bit (other lane -1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TVector ParitySum(ref T psi, ref T lam, int vectors, int lane, int otherLane, int bit)
    {
        TVector even = TLanes.Spread(T.Zero), odd = even;
        for (int v = 0; v < vectors; v++)
        {
            nuint at = (nuint)v * 2 * L;
            TVector pr = TLanes.Load(ref psi, at), pi = TLanes.Load(ref psi, at + L), lr = TLanes.Load(ref lam, at), li = TLanes.Load(ref lam, at + L);
            TVector product = TLanes.NegatedMultiplyAdd(li, pr, TLanes.Multiply(lr, pi));
            if (bit >= 0 && (v >> bit & 1) == 1) odd = TLanes.Add(odd, product);
            else even = TLanes.Add(even, product);
        }
        return Signed(lane, otherLane, TLanes.Subtract(even, odd));
    }

    /// <summary>The value, with a minus in lanes of odd parity.</summary>
    private static TVector Signed(int lane, int otherLane, TVector value)
    {
        TVector minus = TLanes.Negate(value), once = TLanes.Select(TLanes.LaneMask(lane), minus, value);
        return otherLane < 0 ? once : TLanes.Select(TLanes.LaneMask(otherLane), TLanes.Negate(once), once);
    }
}
