using System.Numerics;

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
        for (int i = 0; i < count; i += Vector<float>.Count) Lanes.Store(T.Of(Lanes.Load(x + i, count - i)), y + i, count - i);
    }

    public static void Run<T>(float* x, float* other, float* y, int count) where T : struct, IPair
    {
        for (int i = 0; i < count; i += Vector<float>.Count) Lanes.Store(T.Of(Lanes.Load(x + i, count - i), Lanes.Load(other + i, count - i)), y + i, count - i);
    }
}
