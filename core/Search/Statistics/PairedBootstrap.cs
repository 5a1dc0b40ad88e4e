using Hone.Model;

namespace Hone.Search;

/// <summary>
/// The interval of a mean of paired differences that come in clusters: searches share their supernet, genomes their weights. Clusters are resampled
/// first, then the values inside each drawn one (Davison and Hinkley, "Bootstrap methods and their application", section 3.8).
/// </summary>
/// <remarks>
/// With few clusters a percentile bootstrap is too narrow: it cannot leave the range of the clusters' means, so when all spread lies between three clusters
/// it covers the truth about three times in four, not nineteen in twenty. Student's interval over the cluster means stands beside it for that reason. At the
/// other end, when no spread lies between clusters, both stages draw what lies inside and the interval is wider than it need be by the square root of 2.
/// </remarks>
public static class PairedBootstrap
{
    // Student's t, 0.975, by degrees of freedom 1..30: any table.
    private static readonly double[] Student =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    /// <summary>Mean and interval of differences.</summary>
    /// <param name="differences">Shape (clusters)(values of a cluster), in the unit of the answer; every cluster has at least one.</param>
    /// <param name="seed">Same seed, same interval.</param>
    /// <exception cref="ArgumentException">No cluster, or an empty one.</exception>
    public static Estimate Of(IReadOnlyList<double[]> differences, ulong seed, int resamples = Bootstrap.Resamples)
    {
        if (differences.Count == 0) throw new ArgumentException("expected at least one cluster of differences, got none");
        for (int c = 0; c < differences.Count; c++)
            if (differences[c].Length == 0) throw new ArgumentException($"cluster {c}: expected at least one difference, got none");
        int clusters = differences.Count;
        double[] means = new double[clusters];   // (clusters)
        for (int c = 0; c < clusters; c++) means[c] = differences[c].Average();
        double mean = means.Average();
        var (low, high) = Bootstrap.Interval(chance =>
        {
            double sum = 0;
            for (int c = 0; c < clusters; c++)
            {
                double[] inside = differences[chance.Next(clusters)];
                double total = 0;
                for (int i = 0; i < inside.Length; i++) total += inside[chance.Next(inside.Length)];
                sum += total / inside.Length;
            }
            return sum / clusters;
        }, seed, resamples);
        double? half = HalfWidth(means);
        return new Estimate(mean, low, high, differences.Sum(d => d.Length), clusters, mean - half, mean + half);
    }

    private static double? HalfWidth(double[] means)
    {
        if (means.Length < 2) return null;
        double mean = means.Average(), variance = means.Sum(m => (m - mean) * (m - mean)) / (means.Length - 1);
        return Student[Math.Min(means.Length - 1, Student.Length) - 1] * Math.Sqrt(variance / means.Length);
    }
}
