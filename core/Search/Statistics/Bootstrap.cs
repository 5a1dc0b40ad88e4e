using Hone.Model;

namespace Hone.Search;

/// <summary>Percentile intervals of anything that can be recomputed on a resample (Efron and Tibshirani, "An introduction to the bootstrap", chapter 13).</summary>
public static class Bootstrap
{
    /// <summary>Resamples per interval unless told otherwise.</summary>
    public const int Resamples = 10_000;

    /// <summary>The central 95 % of a statistic over resamples.</summary>
    /// <param name="statistic">Draws one resample by the given chance and computes the statistic on it; never NaN.</param>
    /// <param name="seed">Same seed, same interval.</param>
    /// <exception cref="HoneException">The statistic was NaN.</exception>
    public static (double Low, double High) Interval(Func<Chance, double> statistic, ulong seed, int resamples = Resamples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 2);
        double[] values = new double[resamples];
        for (int r = 0; r < resamples; r++)
        {
            values[r] = statistic(new Chance(seed, Streams.Bootstrap, (uint)r));
            if (double.IsNaN(values[r])) throw new HoneException($"resample {r} has no value (NaN): expected a statistic that is defined on every resample");
        }
        Array.Sort(values);
        return (Quantile(values, 0.025), Quantile(values, 0.975));
    }

    /// <summary>As many numbers 0..count-1 as there are, drawn with replacement.</summary>
    public static int[] Draw(int count, Chance chance)
    {
        int[] drawn = new int[count];
        for (int i = 0; i < count; i++) drawn[i] = chance.Next(count);
        return drawn;
    }

    /// <summary>A quantile of sorted values, linear between the order statistics.</summary>
    public static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at, above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
