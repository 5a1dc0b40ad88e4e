using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>
/// What a network takes beside the sum of its operations: less where they find each other's results in the caches, more where they get in each other's way.
/// </summary>
/// <param name="Factor">Times the sum of the operations.</param>
/// <param name="Spread">Median absolute deviation of the networks' factors, as a share of <paramref name="Factor"/>; <see cref="Unlearned"/> while nothing was learned.</param>
/// <param name="Networks">That it was learned from.</param>
public sealed record Composition(double Factor, double Spread, int Networks)
{
    /// <summary>The fewest networks that a factor is learned from.</summary>
    public const int Least = 3;

    /// <summary>The spread before that: a guess, for the sum alone would claim to be surer than it is. [proposal]</summary>
    public const double Unlearned = 0.05;

    private const double Lowest = 0.5, Highest = 2;   // beyond these the operations measured are not what the networks ran

    /// <summary>The median over networks of measured time to sum of operations.</summary>
    /// <param name="milliseconds">The price of an operation by its key; null when it has none.</param>
    public static Composition Of(ValueList<NetworkEntry> networks, Func<string, double?> milliseconds)
    {
        List<double> factors = [];
        foreach (NetworkEntry network in networks)
        {
            double? sum = Sum(network, milliseconds) ?? network.SumOfOperations;
            if (network.Reading.Milliseconds / sum is > 0 and < double.PositiveInfinity and double factor) factors.Add(factor);
        }
        if (factors.Count < Least) return new Composition(1, Unlearned, factors.Count);
        double median = Median(factors);
        double spread = Median([.. factors.Select(f => Math.Abs(f - median))]) / median;
        return new Composition(Math.Clamp(median, Lowest, Highest), spread, factors.Count);
    }

    private static double? Sum(NetworkEntry network, Func<string, double?> milliseconds)
    {
        double sum = 0;
        foreach (OpTimes op in network.Operations)
        {
            if (milliseconds(op.Key) is not { } ms) return null;
            sum += ms * op.Times;
        }
        return network.Operations.Count == 0 ? null : sum;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
