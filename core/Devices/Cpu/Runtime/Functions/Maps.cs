using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Runtime.Functions;

/// <summary>max(x, 0).</summary>
internal readonly struct Relu : IMap
{
    public static Vector<float> Of(Vector<float> x) => Vector.MaxNative(x, Vector<float>.Zero);
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
/// GELU in its erf form, x (1 + erf(x / sqrt 2)) / 2 = max(x, 0) - u erfc(u / sqrt 2) / 2 with u = |x|. The eighth root of that erfc is as smooth as e^(-u^2 / 16): here a polynomial, fitted so that the largest
/// error of the product is least (Lawson's algorithm). From <see cref="Far"/> on the product stays what it is there, 1e-7.
/// </summary>
internal readonly struct Gelu : IMap
{
    /// <summary>The absolute error is below this plus two roundings of the result.</summary>
    public const float Bound = 2e-7f;

    private const float Far = 5.5f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x)
    {
        Vector<float> u = Vector.MinNative(Vector.Abs(x), new Vector<float>(Far));
        Vector<float> root = Polynomial.Of(u, -3.2266195e-7f, 8.156517e-6f, -6.571146e-5f, 3.73991e-5f, 1.6405187e-3f, -7.3277275e-4f, -3.4817815e-2f, -9.973502e-2f, 0.99999994f);
        Vector<float> square = root * root, fourth = square * square;
        return Vector.FusedMultiplyAdd(u * new Vector<float>(-0.5f), fourth * fourth, Vector.MaxNative(x, Vector<float>.Zero));
    }
}

/// <summary>x + other.</summary>
internal readonly struct Add : IPair
{
    public static Vector<float> Of(Vector<float> x, Vector<float> other) => x + other;
}

/// <summary>The lesser of two.</summary>
internal readonly struct Least : IPair
{
    public static Vector<float> Of(Vector<float> x, Vector<float> other) => Vector.MinNative(x, other);
}

/// <summary>x times other.</summary>
internal readonly struct Scale : IPair
{
    public static Vector<float> Of(Vector<float> x, Vector<float> other) => x * other;
}
