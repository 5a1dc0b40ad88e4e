namespace Hone.Model;

/// <summary>
/// Numbers with 16 binary places in 24 bits ("Q8.16", plain integers in units of 2^-16) and HeatViT's functions in them: half is rounded away from zero, what is too large saturates and
/// never wraps. Constants are those of <see cref="Polynomials"/> times 2^16 [third party, derived].
/// </summary>
public static class FixedPoint
{
    public const int Places = 16, One = 1 << Places, Highest = (1 << 23) - 1, Lowest = -(1 << 23);

    /// <summary>Damping 0.5 of GELU.</summary>
    public const int Damped = One / 2;

    private const int A = -18927, B = -115933, RootHalf = 46341, Ln2 = 45426, Square = 23495, Shift = 88670, Rest = 22544;

    /// <summary>v / 2^shift, half away from zero; a negative shift multiplies.</summary>
    public static long Round(long v, int shift)
    {
        if (shift <= 0) return v << -shift;
        if (shift > 62) return 0;
        long half = 1L << (shift - 1);
        return v < 0 ? -((-v + half) >> shift) : (v + half) >> shift;
    }

    /// <summary>a / b, half away from zero; b above 0.</summary>
    public static long Divide(long a, long b) => a < 0 ? -(((-2 * a) + b) / (2 * b)) : ((2 * a) + b) / (2 * b);

    /// <summary>Into 24 bits.</summary>
    public static int Saturate(long v) => (int)Math.Clamp(v, Lowest, Highest);

    /// <summary>Into a signed byte.</summary>
    public static sbyte Code(long v) => (sbyte)Math.Clamp(v, sbyte.MinValue, sbyte.MaxValue);

    /// <summary>A real number in units of 2^-places, within bounds. Scaling by a power of two is exact, so this is one rounding.</summary>
    public static int Of(float v, int places, int lowest = Lowest, int highest = Highest)
    {
        double scaled = Math.ScaleB((double)v, places);
        return (int)Math.Clamp(Math.Sign(scaled) * Math.Floor(Math.Abs(scaled) + 0.5), lowest, highest);
    }

    /// <summary>The real number that a value in units of 2^-places is.</summary>
    public static float Real(int v, int places = Places) => (float)Math.ScaleB(v, -places);

    /// <summary>GELU with Lerf; see <see cref="Polynomials.Gelu"/>.</summary>
    /// <param name="delta">Damping in units of 2^-16.</param>
    public static int Gelu(int x, int delta = Damped)
    {
        long u = Round((long)x * RootHalf, Places), t = Math.Min(Math.Abs(u), -B) + B;
        long polynomial = Round(A * Round(t * t, Places), Places) + One;
        long e = Math.Sign(u) * Round(delta * polynomial, Places);
        return Saturate(Round(x * (One + e), Places + 1));
    }

    /// <summary>e^y for y up to 0; a little above <see cref="One"/> at 0, as the polynomial is.</summary>
    public static int Exp(int y)
    {
        int z = -y / Ln2;
        long t = y + ((long)z * Ln2) + Shift;
        return (int)Round(Round(Square * Round(t * t, Places), Places) + Rest, z);
    }

    /// <summary>The sigmoid in straight pieces.</summary>
    public static int Sigmoid(int x)
    {
        long m = Math.Abs((long)x);
        long y = m >= 5 * One ? One : m >= 155_648 ? Round(m, 5) + 55_296 : m >= One ? Round(m, 3) + 40_960 : Round(m, 2) + (One / 2);
        return (int)(x < 0 ? One - y : y);
    }

    /// <summary>exp(y - max) / sum in so many levels, at most <paramref name="highest"/>. Damping stands in what a level means.</summary>
    /// <param name="y">Scores.</param>
    /// <param name="shares">As many.</param>
    public static void Softmax(ReadOnlySpan<int> y, Span<int> shares, int levels, int highest)
    {
        int top = int.MinValue;
        long sum = 0;
        foreach (int v in y) top = Math.Max(top, v);
        for (int i = 0; i < y.Length; i++) sum += shares[i] = Exp(y[i] - top);
        for (int i = 0; i < y.Length; i++) shares[i] = (int)Math.Min(highest, Divide((long)levels * shares[i], sum));
    }
}
