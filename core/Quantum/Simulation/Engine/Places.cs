using System.Runtime.CompilerServices;

namespace Hone.Quantum.Simulation.Engine;

/// <summary>Numbers of vectors, counted with a bit held still.</summary>
internal static class Places
{
    /// <summary>k with a 0 put in at a bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint Without(int k, int bit) => (nuint)(((k >> bit) << (bit + 1)) | (k & ((1 << bit) - 1)));

    /// <summary>k with a 1 put in at a bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint With(int k, int bit) => Without(k, bit) | ((nuint)1 << bit);
}
