using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Runtime.Functions;

/// <summary>Polynomials by Horner's rule, the coefficient of the highest power first.</summary>
internal static class Polynomial
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x, float a, float b) => Step(x, new Vector<float>(a), b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x, float a, float b, float c, float d, float e) => Step(x, Step(x, Step(x, Of(x, a, b), c), d), e);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x, float a, float b, float c, float d, float e, float f, float g, float h, float i) => Step(x, Step(x, Step(x, Step(x, Of(x, a, b, c, d, e), f), g), h), i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Step(Vector<float> x, Vector<float> sum, float next) => Vector.FusedMultiplyAdd(sum, x, new Vector<float>(next));
}
