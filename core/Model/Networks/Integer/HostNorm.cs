namespace Hone.Model;

/// <summary>
/// A layer norm of one token as HeatViT's host computes it: whole numbers in, codes out, between them double precision in one stated order of operations, so that every engine gets the same
/// bits. Mean and sum of squares are integers, hence free of any order of summing; square root, division, product and sum are IEEE's, each rounded once.
/// </summary>
public static class HostNorm
{
    /// <summary>codes = round((x - mean) / sqrt(var + epsilon) * gain + bias), half away from zero, into signed bytes.</summary>
    /// <param name="x">Shape (C), in units of 2^-16.</param>
    /// <param name="gain">Shape (C) in units of the codes (see <see cref="InCodes"/>), or of length 1: the same for all.</param>
    /// <param name="bias">Shape (C), or empty: none.</param>
    /// <param name="codes">Shape (C).</param>
    public static void Apply(ReadOnlySpan<int> x, ReadOnlySpan<double> gain, ReadOnlySpan<double> bias, double epsilon, Span<sbyte> codes)
    {
        long sum = 0, squares = 0;
        foreach (int v in x) sum += v;
        long mean = FixedPoint.Divide(sum, x.Length);
        foreach (int v in x) squares += (v - mean) * (v - mean);
        double deviation = Math.Sqrt(((double)squares / x.Length) + Scaled(epsilon));
        for (int c = 0; c < x.Length; c++)
        {
            double u = (x[c] - mean) / deviation * gain[gain.Length == 1 ? 0 : c];
            if (bias.Length > 0) u += bias[c];
            codes[c] = (sbyte)Math.Clamp(Math.Sign(u) * Math.Floor(Math.Abs(u) + 0.5), sbyte.MinValue, sbyte.MaxValue);
        }
    }

    /// <summary>Epsilon in units of squares of 2^-16.</summary>
    public static double Scaled(double epsilon) => Math.ScaleB(epsilon, 2 * FixedPoint.Places);

    /// <summary>Gains or biases in units of codes; no gains at all are one that is 1.</summary>
    public static double[] InCodes(float[] values, int places, bool gains) =>
        values.Length == 0 && gains ? [Math.ScaleB(1.0, places)] : [.. values.Select(v => Math.ScaleB((double)v, places))];
}
