namespace Hone.Benchmarks.Evidence;

/// <summary>Rank correlation with ties.</summary>
internal static class KendallTau
{
    /// <summary>Tau-b (Kendall 1945): (C - D) / sqrt((P - Tx)(P - Ty)), P pairs, Tx and Ty those tied in x and in y; 0 when one side is constant.</summary>
    /// <param name="x">Shape (n).</param>
    /// <param name="y">Shape (n).</param>
    public static double Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length) throw new ArgumentException($"expected as many x as y, got {x.Length} and {y.Length}");
        long difference = 0, differentX = 0, differentY = 0;
        for (int i = 0; i < x.Length; i++)
            for (int j = i + 1; j < x.Length; j++)
            {
                int a = x[i].CompareTo(x[j]), b = y[i].CompareTo(y[j]);
                difference += a * b;
                if (a != 0) differentX++;
                if (b != 0) differentY++;
            }
        return differentX == 0 || differentY == 0 ? 0 : difference / Math.Sqrt((double)differentX * differentY);
    }
}
