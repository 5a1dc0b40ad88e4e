using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Runtime.Functions;

/// <summary>Vectors at the end of a row: what is left of it, the other lanes filled up. So that the last elements are computed by the instructions that compute the others.</summary>
internal static unsafe class Lanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(float* from, int left, float fill = 0) => left >= Vector<float>.Count ? Vector.Load(from) : Rest(from, left, fill);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<float> values, float* to, int left)
    {
        if (left >= Vector<float>.Count) Vector.Store(values, to);
        else Rest(values, to, left);
    }

    private static Vector<float> Rest(float* from, int left, float fill)
    {
        Span<float> all = stackalloc float[Vector<float>.Count];
        all.Fill(fill);
        new ReadOnlySpan<float>(from, left).CopyTo(all);
        return new Vector<float>(all);
    }

    private static void Rest(Vector<float> values, float* to, int left)
    {
        for (int i = 0; i < left; i++) to[i] = values[i];
    }
}
