using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>Histograms of sizes.</summary>
internal static class Extents
{
    /// <summary>The smallest size that at least a share <paramref name="level"/> of the inputs does not exceed.</summary>
    public static int Quantile(Extent extent, double level)
    {
        ExtentPoint[] points = Sorted(extent.Distribution);
        double sum = 0;
        foreach (ExtentPoint point in points)
            if ((sum += point.P) >= level - 1e-12) return point.N;
        return points[^1].N;
    }

    /// <summary>Pairs of sizes that rise together (comonotone), with the probability of each pair.</summary>
    public static List<(int A, int B, double P)> Together(ValueList<ExtentPoint> first, ValueList<ExtentPoint> second)
    {
        ExtentPoint[] a = Sorted(first), b = Sorted(second);
        var pairs = new List<(int, int, double)>();
        int i = 0, j = 0;
        double restA = a[0].P, restB = b[0].P;
        while (i < a.Length && j < b.Length)
        {
            double p = Math.Min(restA, restB);
            if (p > 1e-15) pairs.Add((a[i].N, b[j].N, p));
            restA -= p;
            restB -= p;
            if (restA <= 1e-15 && ++i < a.Length) restA = a[i].P;
            if (restB <= 1e-15 && ++j < b.Length) restB = b[j].P;
        }
        return pairs;
    }

    private static ExtentPoint[] Sorted(ValueList<ExtentPoint> points)
    {
        ExtentPoint[] sorted = points.Span.ToArray();
        Array.Sort(sorted, static (x, y) => x.N.CompareTo(y.N));
        return sorted;
    }
}
