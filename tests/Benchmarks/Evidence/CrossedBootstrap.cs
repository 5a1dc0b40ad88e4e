using System.Numerics.Tensors;
using Hone.Model;
using Hone.Search;

namespace Hone.Benchmarks.Evidence;

/// <summary>
/// Intervals over seeds and samples of figures that are read from which samples nets get right. Clusters (supernets) are resampled; inside each, crossed, its samples,
/// which all its nets share, and its repetitions (search seeds, nets, latencies).
/// </summary>
internal static class CrossedBootstrap
{
    public const int Resamples = 2_000;

    /// <param name="right">Shape (clusters)(repetitions)(nets)(samples of the cluster): 1 for right, 0 for wrong.</param>
    /// <param name="figures">From a cluster, a repetition and its nets' accuracies in % to the figures; always as many, NaN for one that this repetition does not have.</param>
    /// <param name="seed">Same seed, same intervals.</param>
    /// <returns>Per figure its mean over clusters of the means over repetitions, or null where no repetition has it.</returns>
    public static Estimate?[] Of(float[][][][] right, Func<int, int, double[], double[]> figures, ulong seed, int resamples = Resamples)
    {
        int clusters = right.Length;
        double[][][] plain = [.. right.Select((reps, c) => reps.Select((nets, r) => figures(c, r, Accuracies(nets, null))).ToArray())];   // (clusters)(repetitions)(figures)
        double[][] means = [.. plain.Select(Means)];                           // (clusters)(figures)
        double[] whole = Means(means);                                         // (figures)
        double[][] drawn = [.. Enumerable.Range(0, resamples).Select(i => Resample(new Chance(seed, Streams.Bootstrap, (uint)i)))];
        return [.. whole.Select((mean, f) => double.IsNaN(mean) ? null : Estimated(f))];

        double[] Resample(Chance chance) => Means([.. Enumerable.Range(0, clusters).Select(_ =>
        {
            int c = chance.Next(clusters);
            float[] weights = new float[right[c][0][0].Length];
            for (int i = 0; i < weights.Length; i++) weights[chance.Next(weights.Length)]++;
            int[] reps = Bootstrap.Draw(right[c].Length, chance);
            var seen = new Dictionary<int, double[]>();
            foreach (int r in reps.Distinct()) seen[r] = figures(c, r, Accuracies(right[c][r], weights));
            return Means([.. reps.Select(r => seen[r])]);
        })]);

        Estimate Estimated(int f)
        {
            double[] clusterMeans = [.. means.Select(m => m[f]).Where(double.IsFinite)], values = [.. drawn.Select(d => d[f]).Where(double.IsFinite).Order()];
            Estimate overSeeds = PairedBootstrap.Of([.. clusterMeans.Select(m => (double[])[m])], seed, 2);   // for Student's interval
            return new Estimate(whole[f], Bootstrap.Quantile(values, 0.025), Bootstrap.Quantile(values, 0.975), plain.Sum(c => c.Count(v => double.IsFinite(v[f]))), clusterMeans.Length,
                overSeeds.SeedLow, overSeeds.SeedHigh);
        }
    }

    /// <summary>Accuracies in % of nets, each (samples), with samples counted as often as drawn; null: once.</summary>
    public static double[] Accuracies(float[][] nets, float[]? weights) =>
        [.. nets.Select(right => 100.0 * (weights is null ? TensorPrimitives.Sum<float>(right) : TensorPrimitives.Dot<float>(right, weights)) / right.Length)];

    /// <summary>A net's answers as kept in a unit's result: base64 of eight samples a byte, the lowest bit first.</summary>
    public static float[] Right(string bits, int samples)
    {
        byte[] bytes = Convert.FromBase64String(bits);
        float[] right = new float[samples];
        for (int i = 0; i < samples; i++) right[i] = (bytes[i >> 3] >> (i & 7)) & 1;
        return right;
    }

    // Means of columns over the rows that have a value there.
    private static double[] Means(double[][] rows)
    {
        double[] means = new double[rows[0].Length];
        for (int f = 0; f < means.Length; f++)
        {
            double sum = 0;
            int count = 0;
            foreach (double[] row in rows)
                if (double.IsFinite(row[f])) (sum, count) = (sum + row[f], count + 1);
            means[f] = count == 0 ? double.NaN : sum / count;
        }
        return means;
    }
}
