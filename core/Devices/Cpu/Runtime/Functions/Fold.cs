using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Runtime.Functions;

/// <summary>What takes a row together, lane by lane.</summary>
internal interface IFold
{
    /// <summary>What a lane that holds nothing holds.</summary>
    float Nothing { get; }

    Vector<float> Of(Vector<float> so, Vector<float> x);

    Vector<float> Join(Vector<float> a, Vector<float> b);
}

/// <summary>The one loop of folds, in two vectors so that one need not wait for the other; the order depends on the length of the row alone.</summary>
internal static unsafe class Fold
{
    /// <param name="start">What both vectors begin with.</param>
    public static Vector<float> Run<T>(T fold, float* x, int count, float start) where T : struct, IFold
    {
        Vector<float> a = new(start), b = new(start);
        int i = 0;
        for (; i <= count - 2 * Vector<float>.Count; i += 2 * Vector<float>.Count)
        {
            a = fold.Of(a, Vector.Load(x + i));
            b = fold.Of(b, Vector.Load(x + i + Vector<float>.Count));
        }
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) a = fold.Of(a, Vector.Load(x + i));
        if (i < count) b = fold.Of(b, Partial.Load(x + i, count - i, fold.Nothing));
        return fold.Join(a, b);
    }
}

/// <summary>The sum.</summary>
internal readonly struct Total : IFold
{
    public float Nothing => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Of(Vector<float> so, Vector<float> x) => so + x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Join(Vector<float> a, Vector<float> b) => a + b;
}

/// <summary>The sum of squared differences from a number.</summary>
internal readonly struct Squares(float from) : IFold
{
    private readonly Vector<float> _from = new(from);

    public float Nothing => from;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Of(Vector<float> so, Vector<float> x) => Vector.FusedMultiplyAdd(x - _from, x - _from, so);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Join(Vector<float> a, Vector<float> b) => a + b;
}

/// <summary>The largest.</summary>
internal readonly struct Largest : IFold
{
    public float Nothing => float.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Of(Vector<float> so, Vector<float> x) => Vector.Max(so, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Join(Vector<float> a, Vector<float> b) => Vector.Max(a, b);
}
