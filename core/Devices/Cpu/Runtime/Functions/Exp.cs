using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hone.Devices.Cpu.Runtime.Functions;

/// <summary>
/// e^x = 2^n e^r with n = round(x / ln 2) and |r| at most half of ln 2; e^r by the polynomial of the Cephes library (expf, S. Moshier), ln 2 in two parts so that r is exact.
/// </summary>
internal static class Exp
{
    /// <summary>The relative error is below this from <see cref="Least"/> to <see cref="Most"/>.</summary>
    public const float Bound = 2e-7f;

    /// <summary>Below this the result is 0, beyond <see cref="Most"/> that of <see cref="Most"/>: neither subnormal nor infinite.</summary>
    public const float Least = -87, Most = 88;

    private const float Log2E = 1.44269504f, Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;
    private const int ExponentBias = 127, MantissaBits = 23;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x)
    {
        Vector<float> within = Vector.Min(Vector.Max(x, new Vector<float>(Least)), new Vector<float>(Most)), n = Vector.Round(within * new Vector<float>(Log2E));
        Vector<float> r = Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2Low), Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2High), within));
        Vector<float> p = Polynomial.Of(r, 1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f);
        Vector<float> power = Vector.AsVectorSingle((Vector.ConvertToInt32Native(n) + new Vector<int>(ExponentBias)) << MantissaBits);
        return Vector.ConditionalSelect(Vector.LessThan(x, new Vector<float>(Least)), Vector<float>.Zero, (Vector.FusedMultiplyAdd(p, r * r, r) + Vector<float>.One) * power);
    }
}
