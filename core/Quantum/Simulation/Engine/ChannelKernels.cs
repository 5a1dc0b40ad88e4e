using System.Numerics;
using System.Runtime.CompilerServices;
using Hone.Quantum.Simulation.Lanes;
using static Hone.Quantum.Simulation.Engine.Places;

namespace Hone.Quantum.Simulation.Engine;

/// <summary>Passes over density matrices, held as states of twice as many qubits [4^n][re, im][L]: bit q the row's, bit q + n the column's.</summary>
internal static class ChannelKernels<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static nuint L => (nuint)TLanes.Count;

    /// <summary>A channel of one qubit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Single(ref T rho, int qubits, NoisyStep.Single channel)
    {
        TVector a = Spread(channel.A), b = Spread(channel.B), c = Spread(channel.C), d = Spread(channel.D), e = Spread(channel.E);
        nuint row = 2 * L << channel.Qubit, column = row << qubits;
        for (int k = 0; k < 1 << (2 * qubits - 2); k++)
        {
            ref T p = ref Unsafe.Add(ref rho, Without((int)Without(k, channel.Qubit), channel.Qubit + qubits) * 2 * L);
            for (nuint part = 0; part <= L; part += L)
            {
                TVector r00 = TLanes.Load(ref p, part), r11 = TLanes.Load(ref p, part + row + column);
                TLanes.Store(TLanes.MultiplyAdd(a, r00, TLanes.Multiply(b, r11)), ref p, part);
                TLanes.Store(TLanes.MultiplyAdd(c, r00, TLanes.Multiply(d, r11)), ref p, part + row + column);
                TLanes.Store(TLanes.Multiply(e, TLanes.Load(ref p, part + row)), ref p, part + row);
                TLanes.Store(TLanes.Multiply(e, TLanes.Load(ref p, part + column)), ref p, part + column);
            }
        }
    }

    /// <summary>rho -> (1 - p) rho + p I / 4 on two qubits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pair(ref T rho, int qubits, NoisyStep.Pair channel)
    {
        TVector keep = Spread(1 - channel.P), share = Spread(channel.P / 4);
        (int low, int high) = (Math.Min(channel.First, channel.Second), Math.Max(channel.First, channel.Second));
        nuint bitA = 2 * L << low, bitB = 2 * L << high;
        Span<nuint> states = [0, bitA, bitB, bitA + bitB];
        for (int k = 0; k < 1 << (2 * qubits - 4); k++)
        {
            int at = (int)Without(k, low);
            foreach (int bit in (ReadOnlySpan<int>)[high, low + qubits, high + qubits]) at = (int)Without(at, bit);
            ref T p = ref Unsafe.Add(ref rho, (nuint)at * 2 * L);
            for (nuint part = 0; part <= L; part += L)
            {
                TVector sum = TLanes.Spread(T.Zero);
                foreach (nuint state in states) sum = TLanes.Add(sum, TLanes.Load(ref p, part + state + (state << qubits)));
                foreach (nuint row in states)
                    foreach (nuint column in states)
                    {
                        nuint entry = part + row + (column << qubits);
                        TVector kept = TLanes.Multiply(keep, TLanes.Load(ref p, entry));
                        TLanes.Store(row == column ? TLanes.MultiplyAdd(share, sum, kept) : kept, ref p, entry);
                    }
            }
        }
    }

    private static TVector Spread(double number) => TLanes.Spread(T.CreateChecked(number));
}
