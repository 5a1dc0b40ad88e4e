namespace Hone.Devices.Tables;

/// <summary>The sizes seen of one kind: from the smallest to the largest, in the step that they all have in common (heads of 16 make widths in steps of 16).</summary>
internal readonly record struct SizeRange(double Low, double High, double Step)
{
    /// <param name="sizes">Whole numbers, or shares from 0 to 1.</param>
    public static SizeRange Of(IEnumerable<double> sizes)
    {
        double[] all = [.. sizes];
        bool whole = all.All(s => s == Math.Floor(s) && s >= 1);
        return new SizeRange(all.Min(), all.Max(), whole ? all.Select(s => (long)s).Aggregate(GreatestDivisor) : 0);
    }

    /// <summary>The size so far up the range, from 0 to 1: on logarithms for whole numbers, straight for shares.</summary>
    public double At(double share)
    {
        if (Step == 0) return Low + share * (High - Low);
        double size = Math.Exp(Math.Log(Low) + share * (Math.Log(High) - Math.Log(Low)));
        return Math.Clamp(Math.Round(size / Step) * Step, Low, High);
    }

    private static long GreatestDivisor(long a, long b) => b == 0 ? a : GreatestDivisor(b, a % b);
}
