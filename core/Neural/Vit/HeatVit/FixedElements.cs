using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Neural.Vit;

/// <summary>A function of one number.</summary>
internal interface IFixedElement
{
    Vector256<double> Run(Vector256<double> x);
}

/// <summary>What a gradient becomes on its way back through a function.</summary>
internal interface IFixedSlope
{
    Vector256<double> Run(Vector256<double> x, Vector256<double> gradient);
}

/// <summary>
/// Functions over float32 arrays, four numbers at a time in double precision, which holds every product of the fixed-point functions exactly. An operation is a struct with one method; this is
/// the one loop.
/// </summary>
internal static class FixedElements
{
    private const int Portion = 8;

    /// <summary>y = f(x).</summary>
    public static void Apply<O>(ReadOnlySpan<float> x, Span<float> y, O operation) where O : struct, IFixedElement
    {
        int i = 0;
        for (; i <= x.Length - Portion; i += Portion)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(x[i..]));
            Vector256.Narrow(operation.Run(low), operation.Run(high)).CopyTo(y[i..]);
        }
        if (i == x.Length) return;
        Span<float> rest = stackalloc float[Portion];
        rest.Clear();
        x[i..].CopyTo(rest);
        var (a, b) = Vector256.Widen(Vector256.Create<float>(rest));
        Vector256.Narrow(operation.Run(a), operation.Run(b)).CopyTo(rest);
        rest[..(x.Length - i)].CopyTo(y[i..]);
    }

    /// <summary>dx = f'(x) g, whatever of it the operation lets through.</summary>
    public static void Back<O>(ReadOnlySpan<float> x, ReadOnlySpan<float> g, Span<float> dx, O operation) where O : struct, IFixedSlope
    {
        int i = 0;
        for (; i <= x.Length - Portion; i += Portion)
        {
            var ((low, high), (first, second)) = (Vector256.Widen(Vector256.Create(x[i..])), Vector256.Widen(Vector256.Create(g[i..])));
            Vector256.Narrow(operation.Run(low, first), operation.Run(high, second)).CopyTo(dx[i..]);
        }
        if (i == x.Length) return;
        Span<float> rest = stackalloc float[Portion], gradients = stackalloc float[Portion];
        rest.Clear();
        gradients.Clear();
        x[i..].CopyTo(rest);
        g[i..].CopyTo(gradients);
        var ((a, b), (c, d)) = (Vector256.Widen(Vector256.Create<float>(rest)), Vector256.Widen(Vector256.Create<float>(gradients)));
        Vector256.Narrow(operation.Run(a, c), operation.Run(b, d)).CopyTo(rest);
        rest[..(x.Length - i)].CopyTo(dx[i..]);
    }

    /// <summary>The nearest whole number, half away from zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Whole(Vector256<double> v) => Vector256.CopySign(Vector256.Floor(Vector256.Abs(v) + Vector256.Create(0.5)), v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Within(Vector256<double> v, double low, double high) => Vector256.Min(Vector256.Max(v, Vector256.Create(low)), Vector256.Create(high));
}
