namespace Hone.Devices.Cpu.Gemm;

/// <summary>How inputs become codes in TRIP: Q = clip(round(x / (2^a s)) + z, 0, 255), and x is about 2^a s (Q - z).</summary>
/// <param name="Scale">s, for all inputs.</param>
/// <param name="ZeroPoint">z, 0 to 255.</param>
/// <param name="Exponents">[K]: a of each input, 0 to 20.</param>
public sealed record TripFormat(float Scale, int ZeroPoint, IReadOnlyList<int> Exponents)
{
    /// <summary>The largest exponent that is known to be used anywhere.</summary>
    public const int MostExponent = 20;

    /// <exception cref="ArgumentException">A field lies outside its range.</exception>
    public void Check()
    {
        if (!(Scale > 0) || !float.IsFinite(Scale)) throw new ArgumentException($"expected a scale above 0, got {Scale}");
        if (ZeroPoint is < 0 or > byte.MaxValue) throw new ArgumentException($"expected a zero point from 0 to {byte.MaxValue}, got {ZeroPoint}");
        foreach (int exponent in Exponents)
            if (exponent is < 0 or > MostExponent) throw new ArgumentException($"expected exponents from 0 to {MostExponent}, got {exponent}");
    }
}
