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
    private const float Rounder = 3 << 22;   // beside a number this large the last bit is worth 1: adding it rounds, and leaves the integer in the low bits
    private const int ExponentBias = 127, MantissaBits = 23;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x)
    {
        Vector<float> within = Vector.MinNative(Vector.MaxNative(x, new Vector<float>(Least)), new Vector<float>(Most)), rounder = new(Rounder);
        Vector<float> rounded = Vector.FusedMultiplyAdd(within, new Vector<float>(Log2E), rounder), n = rounded - rounder;
        Vector<float> r = Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2Low), Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2High), within));
        // In pairs (Estrin): what takes time in a long row is not the operations, but waiting for the one before.
        Vector<float> square = r * r, low = Polynomial.Of(r, 1.6666665459e-1f, 5.0000001201e-1f), middle = Polynomial.Of(r, 8.3334519073e-3f, 4.1665795894e-2f), high = Polynomial.Of(r, 1.9875691500e-4f, 1.3981999507e-3f);
        Vector<float> p = Vector.FusedMultiplyAdd(Vector.FusedMultiplyAdd(high, square, middle), square, low);
        Vector<float> power = Vector.AsVectorSingle((Vector.AsVectorInt32(rounded) + new Vector<int>(ExponentBias)) << MantissaBits);
        return Vector.ConditionalSelect(Vector.LessThan(x, new Vector<float>(Least)), Vector<float>.Zero, (Vector.FusedMultiplyAdd(p, square, r) + Vector<float>.One) * power);
    }
}
