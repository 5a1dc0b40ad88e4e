namespace Hone.Search;

/// <summary>Crowding distance of Deb et al., "A fast and elitist multiobjective genetic algorithm: NSGA-II", IEEE TEC 2002, section III-B.</summary>
public static class Crowding
{
    /// <summary>
    /// Per point the sum over losses of (next - previous) / range among the points given, usually one front. The ends of every loss get
    /// +infinity; a loss without range adds nothing; equal losses stand in row order.
    /// </summary>
    /// <param name="losses">Shape (n, m), row-major.</param>
    /// <param name="m">Losses per point.</param>
    /// <returns>Shape (n).</returns>
    public static double[] Distance(ReadOnlySpan<double> losses, int m)
    {
        int n = Points.Count(losses, m);
        double[] distance = new double[n], values = new double[n];   // (n), (n)
        int[] order = new int[n];
        for (int k = 0; k < m && n > 0; k++)
        {
            for (int i = 0; i < n; i++) (order[i], values[i]) = (i, losses[i * m + k]);
            Array.Sort(values, order);
            for (int start = 0, end; start < n; start = end)
            {
                for (end = start + 1; end < n && values[end] == values[start];) end++;
                Array.Sort(order, start, end - start);
            }
            double range = values[n - 1] - values[0];
            if (range > 0 && double.IsFinite(range))
                for (int s = 1; s < n - 1; s++) distance[order[s]] += (values[s + 1] - values[s - 1]) / range;
            distance[order[0]] = distance[order[n - 1]] = double.PositiveInfinity;
        }
        return distance;
    }
}
