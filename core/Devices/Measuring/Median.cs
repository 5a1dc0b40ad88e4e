namespace Hone.Devices.Measuring;

/// <summary>Medians: of values, and of their distances from it.</summary>
public static class Median
{
    /// <summary>Ratio of a normal distribution's standard deviation to its median absolute deviation.</summary>
    public const double Deviations = 1.4826;

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    /// <exception cref="ArgumentException">No values.</exception>
    public static double Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) throw new ArgumentException("expected at least one value, got none", nameof(values));
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        int half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /// <summary>Median of the distances from a centre.</summary>
    /// <exception cref="ArgumentException">No values.</exception>
    public static double Deviation(ReadOnlySpan<double> values, double centre)
    {
        double[] distances = new double[values.Length];
        for (int i = 0; i < distances.Length; i++) distances[i] = Math.Abs(values[i] - centre);
        return Of(distances);
    }
}
