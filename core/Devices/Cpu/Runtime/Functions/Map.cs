using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Runtime.Functions;

/// <summary>A function of single elements, a vector of them at a time; finite for finite elements.</summary>
internal interface IMap
{
    static abstract Vector<float> Of(Vector<float> x);
}

/// <summary>A function of two elements.</summary>
internal interface IPair
{
    static abstract Vector<float> Of(Vector<float> x, Vector<float> other);
}

/// <summary>The one loop of each kind; results may take the place of what they were computed from.</summary>
internal static unsafe class Map
{
    public static void Run<T>(float* x, float* y, int count) where T : struct, IMap
    {
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) One<T, Whole>(x + i, y + i, 0);
        if (i < count) One<T, Partial>(x + i, y + i, count - i);
    }

    public static void Run<T>(float* x, float* other, float* y, int count) where T : struct, IPair
    {
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) One<T, Whole>(x + i, other + i, y + i, 0);
        if (i < count) One<T, Partial>(x + i, other + i, y + i, count - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One<T, TLanes>(float* x, float* y, int left) where T : struct, IMap where TLanes : struct, ILanes => TLanes.Store(T.Of(TLanes.Load(x, left)), y, left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One<T, TLanes>(float* x, float* other, float* y, int left) where T : struct, IPair where TLanes : struct, ILanes =>
        TLanes.Store(T.Of(TLanes.Load(x, left), TLanes.Load(other, left)), y, left);
}
