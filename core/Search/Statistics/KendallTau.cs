namespace Hone.Search;

/// <summary>Rank correlation with ties.</summary>
public static class KendallTau
{
    /// <summary>
    /// Tau-b (Kendall, "The treatment of ties in ranking problems", Biometrika 1945): (C - D) / sqrt((P - Tx)(P - Ty)); of all P pairs, C run the same
    /// way and D the other, Tx are tied in x and Ty in y. From -1 to 1.
    /// </summary>
    /// <param name="x">Shape (n).</param>
    /// <param name="y">Shape (n).</param>
    /// <returns>Null where it is undefined: all of x, or all of y, is one value (fewer than two values included).</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a value is not a number.</exception>
    public static double? Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length) throw new ArgumentException($"expected as many x as y, got {x.Length} and {y.Length}");
        if (x.Contains(double.NaN) || y.Contains(double.NaN)) throw new ArgumentException("expected numbers that can be ordered, got NaN");
        long difference = 0, differentX = 0, differentY = 0;   // C - D, P - Tx, P - Ty
        for (int i = 0; i < x.Length; i++)
            for (int j = i + 1; j < x.Length; j++)
            {
                int a = x[i].CompareTo(x[j]), b = y[i].CompareTo(y[j]);
                difference += a * b;
                if (a != 0) differentX++;
                if (b != 0) differentY++;
            }
        return differentX == 0 || differentY == 0 ? null : difference / Math.Sqrt((double)differentX * differentY);
    }
}
