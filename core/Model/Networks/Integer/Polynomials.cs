namespace Hone.Model;

/// <summary>
/// HeatViT's functions (arXiv 2211.08110, equations 11-14) in real numbers: second-degree polynomials whose slope may be damped, so that errors of quantisation shrink on their way. All
/// coefficients [third party]. <see cref="FixedPoint"/> has the same in integers.
/// </summary>
public static class Polynomials
{
    /// <summary>Damping of GELU and of attention's softmax; the selectors' softmax has 1, or its threshold of one half would lose its meaning.</summary>
    public const double Damped = 0.5;

    private const double A = -0.2888, B = -1.769;                              // of Lerf
    private const double Square = 0.3585, Shift = 1.353, Rest = 0.344;         // of exp on (-ln 2, 0]

    /// <summary>Lerf(u) = sign(u) delta (a (min(|u|, -b) + b)^2 + 1), sign(0) = 0.</summary>
    public static double Erf(double u, double delta)
    {
        double t = Math.Min(Math.Abs(u), -B) + B;
        return Math.Sign(u) * delta * ((A * t * t) + 1);
    }

    /// <summary>x/2 (1 + Lerf(x / sqrt 2)). At damping 1 within 0.0182 of the exact one with slopes up to 1.151; at 0.5 slopes stay below 0.825 and values differ on purpose.</summary>
    public static double Gelu(double x, double delta) => x / 2 * (1 + Erf(x / Math.Sqrt(2), delta));

    /// <summary>Its derivative; at 0, where Lerf jumps, the mean of both sides.</summary>
    public static double GeluSlope(double x, double delta)
    {
        double u = x / Math.Sqrt(2), t = Math.Min(Math.Abs(u), -B) + B;        // t is 0 from -b on
        return (0.5 * (1 + Erf(u, delta))) + (x / (2 * Math.Sqrt(2)) * delta * 2 * A * t);
    }

    /// <summary>e^y for y up to 0: z = floor(-y / ln 2), p = y + z ln 2, (0.3585 (p + 1.353)^2 + 0.344) 2^-z; within 0.0021 (to two digits), relatively within 0.0031.</summary>
    public static double Exp(double y)
    {
        double z = Math.Floor(-y / Math.Log(2)), p = y + (z * Math.Log(2));
        return ((Square * (p + Shift) * (p + Shift)) + Rest) * Math.Pow(2, -z);
    }

    /// <summary>Its derivative within a piece.</summary>
    public static double ExpSlope(double y)
    {
        double z = Math.Floor(-y / Math.Log(2)), p = y + (z * Math.Log(2));
        return 2 * Square * (p + Shift) * Math.Pow(2, -z);
    }

    /// <summary>delta exp(x - max) / sum.</summary>
    public static double[] Softmax(ReadOnlySpan<double> x, double delta)
    {
        double top = double.NegativeInfinity, sum = 0;
        foreach (double v in x) top = Math.Max(top, v);
        double[] y = new double[x.Length];
        for (int i = 0; i < y.Length; i++) sum += y[i] = Exp(x[i] - top);
        for (int i = 0; i < y.Length; i++) y[i] *= delta / sum;
        return y;
    }

    /// <summary>In straight pieces, within 0.0189.</summary>
    public static double Sigmoid(double x)
    {
        double m = Math.Abs(x), y = m >= 5 ? 1 : m >= 2.375 ? (m / 32) + (27.0 / 32) : m >= 1 ? (m / 8) + (5.0 / 8) : (m / 4) + 0.5;
        return x < 0 ? 1 - y : y;
    }

    /// <summary>Its derivative within a piece.</summary>
    public static double SigmoidSlope(double x) => Math.Abs(x) switch { >= 5 => 0, >= 2.375 => 1.0 / 32, >= 1 => 1.0 / 8, _ => 0.25 };
}
