using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Runtime.Functions;

/// <summary>max(x, 0).</summary>
internal readonly struct Relu : IMap
{
    public static Vector<float> Of(Vector<float> x) => Vector.Max(x, Vector<float>.Zero);
}

/// <summary>-1 below zero, else 1, as binary networks have it.</summary>
internal readonly struct Sign : IMap
{
    public static Vector<float> Of(Vector<float> x) => Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), -Vector<float>.One, Vector<float>.One);
}

/// <summary>1 / (1 + e^-x).</summary>
internal readonly struct Sigmoid : IMap
{
    /// <summary>The relative error is below this for x from -<see cref="Exp.Most"/> on.</summary>
    public const float Bound = 4e-7f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Exp.Of(-x));
}

/// <summary>x sigmoid(x).</summary>
internal readonly struct Silu : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x) => x * Sigmoid.Of(x);
}

/// <summary>tanh: below 0.625 the odd polynomial of Cephes (tanhf), beyond 1 - 2 / (e^2x + 1), so that the relative error is small near zero, too.</summary>
internal readonly struct Tanh : IMap
{
    /// <summary>The relative error is below this.</summary>
    public const float Bound = 4e-7f;

    private const float Near = 0.625f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x)
    {
        Vector<float> size = Vector.Abs(x), square = x * x, one = Vector<float>.One;
        Vector<float> p = Polynomial.Of(square, -5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f, 1.33314422036e-1f, -3.33332819422e-1f);
        Vector<float> near = Vector.FusedMultiplyAdd(p * square, x, x), far = one - new Vector<float>(2) / (Exp.Of(size + size) + one);
        return Vector.ConditionalSelect(Vector.LessThan(size, new Vector<float>(Near)), near, Vector.CopySign(far, x));
    }
}

/// <summary>
/// GELU in its erf form, x (1 + erf(x / sqrt 2)) / 2 = max(x, 0) - |x| erfc(|x| / sqrt 2) / 2, erfc by Abramowitz and Stegun 7.1.26: a polynomial in t = 1 / (1 + 0.3275911 u) times e^-u^2.
/// </summary>
internal readonly struct Gelu : IMap
{
    /// <summary>The absolute error is below this plus two roundings of the result (7.1.26 states 1.5e-7 for erf).</summary>
    public const float Bound = 3e-7f;

    private const float RootHalf = 0.70710678f, P = 0.3275911f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x)
    {
        Vector<float> size = Vector.Abs(x), u = size * new Vector<float>(RootHalf), one = Vector<float>.One, t = one / Vector.FusedMultiplyAdd(u, new Vector<float>(P), one);
        Vector<float> erfc = t * Polynomial.Of(t, 1.061405429f, -1.453152027f, 1.421413741f, -0.284496736f, 0.254829592f) * Exp.Of(-(u * u));
        return Vector.Max(x, Vector<float>.Zero) - new Vector<float>(0.5f) * size * erfc;
    }
}

/// <summary>x + other.</summary>
internal readonly struct Add : IPair
{
    public static Vector<float> Of(Vector<float> x, Vector<float> other) => x + other;
}

/// <summary>x times other.</summary>
internal readonly struct Scale : IPair
{
    public static Vector<float> Of(Vector<float> x, Vector<float> other) => x * other;
}
