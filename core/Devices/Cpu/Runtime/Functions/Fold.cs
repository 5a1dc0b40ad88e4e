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

/// <summary>The one loop of folds, in four vectors so that none need wait for the one before; the order depends on the length of the row alone.</summary>
internal static unsafe class Fold
{
    /// <param name="start">What the vectors begin with.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Run<T>(T fold, float* x, int count, float start) where T : struct, IFold
    {
        int width = Vector<float>.Count, i = 0;
        Vector<float> a = new(start), b = a, c = a, d = a;
        for (; i <= count - 4 * width; i += 4 * width)
        {
            a = fold.Of(a, Vector.Load(x + i));
            b = fold.Of(b, Vector.Load(x + i + width));
            c = fold.Of(c, Vector.Load(x + i + 2 * width));
            d = fold.Of(d, Vector.Load(x + i + 3 * width));
        }
        for (; i <= count - width; i += width) a = fold.Of(a, Vector.Load(x + i));
        if (i < count) b = fold.Of(b, Partial.Load(x + i, count - i, fold.Nothing));
        return fold.Join(fold.Join(a, b), fold.Join(c, d));
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
    public Vector<float> Of(Vector<float> so, Vector<float> x) => Vector.MaxNative(so, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Join(Vector<float> a, Vector<float> b) => Vector.MaxNative(a, b);
}
