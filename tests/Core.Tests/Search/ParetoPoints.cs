using Hone.Model;

namespace Hone.Core.Tests.Search;

/// <summary>Awkward sets of points, shape (n, m).</summary>
internal static class ParetoPoints
{
    public static double[] Uniform(int n, int m, uint seed)
    {
        var chance = new Chance(seed, Streams.Sampling);
        double[] losses = new double[n * m];
        for (int i = 0; i < losses.Length; i++) losses[i] = chance.NextDouble();
        return losses;
    }

    /// <summary>Few values: many ties and repeated points.</summary>
    public static double[] Grid(int n, int m, int values, uint seed)
    {
        var chance = new Chance(seed, Streams.Sampling);
        double[] losses = new double[n * m];
        for (int i = 0; i < losses.Length; i++) losses[i] = chance.Next(values) / (double)values;
        return losses;
    }

    /// <summary>All on one plane: mutually non-dominated up to rounding.</summary>
    public static double[] Plane(int n, int m, uint seed)
    {
        double[] losses = Uniform(n, m, seed);
        for (int i = 0; i < n; i++)
        {
            double sum = 0;
            for (int k = 0; k < m; k++) sum += losses[i * m + k];
            for (int k = 0; k < m; k++) losses[i * m + k] /= sum;
        }
        return losses;
    }

    public static IEnumerable<double[]> Awkward(int m, uint seed)
    {
        foreach (int n in (int[])[0, 1, 2, 3, 7, 8, 15, 17, 31, 33, 120])
        {
            yield return Uniform(n, m, seed);
            yield return Grid(n, m, 2, seed);
            yield return Grid(n, m, 5, seed);
            yield return Plane(n, m, seed);
            yield return new double[n * m];
        }
    }
}
