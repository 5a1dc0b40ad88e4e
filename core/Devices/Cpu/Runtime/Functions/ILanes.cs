using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Runtime.Functions;

/// <summary>How a vector comes from memory and goes back. A kernel is written once and compiled for whole vectors, without a call in its loop, and for the end of a row.</summary>
internal unsafe interface ILanes
{
    /// <param name="left">Elements from here to the end of the row.</param>
    /// <param name="fill">What lanes beyond the end hold.</param>
    static abstract Vector<float> Load(float* from, int left, float fill = 0);

    static abstract void Store(Vector<float> values, float* to, int left);
}

/// <summary>All lanes.</summary>
internal readonly unsafe struct Whole : ILanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(float* from, int left, float fill = 0) => Vector.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<float> values, float* to, int left) => Vector.Store(values, to);
}

/// <summary>What is left of a row, fewer than all lanes: the last elements are computed by the instructions that compute the others. No call, which would take the registers from the loop before it.</summary>
internal readonly unsafe struct Partial : ILanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(float* from, int left, float fill = 0)
    {
        var all = new Vector<float>(fill);
        for (int i = 0; i < left; i++) ((float*)&all)[i] = from[i];
        return all;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<float> values, float* to, int left)
    {
        for (int i = 0; i < left; i++) to[i] = ((float*)&values)[i];
    }
}
