namespace Hone.Model;

/// <summary>One possible size with its probability.</summary>
public sealed record ExtentPoint(int N, double P);

/// <summary>A size that may vary between inputs (token counts after selection): a histogram, or one point when it is fixed.</summary>
/// <param name="Name">What is counted, for example tokens.</param>
/// <param name="Distribution">Probabilities that sum to 1.</param>
/// <param name="Source">Where the histogram comes from: "fixed", or how it was measured.</param>
public sealed record Extent(string Name, ValueList<ExtentPoint> Distribution, string Source)
{
    public static Extent Fixed(string name, int n) => new(name, [new ExtentPoint(n, 1)], "fixed");

    public bool IsFixed => Distribution.Count == 1;

    /// <summary>The largest size.</summary>
    public int Max
    {
        get
        {
            int max = 0;
            foreach (ExtentPoint point in Distribution) max = Math.Max(max, point.N);
            return max;
        }
    }

    /// <summary>The mean size.</summary>
    public double Mean
    {
        get
        {
            double mean = 0;
            foreach (ExtentPoint point in Distribution) mean += point.N * point.P;
            return mean;
        }
    }
}
