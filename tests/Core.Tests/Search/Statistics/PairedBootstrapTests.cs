using Hone.Model;
using Hone.Search;

namespace Hone.Core.Tests.Search.Statistics;

public class PairedBootstrapTests
{
    [Fact]
    public void TheMeanIsTheMeanOfTheClustersMeansWhateverTheirSizes()
    {
        Estimate estimate = PairedBootstrap.Of([[1, 1, 1, 1], [4]], seed: 1);
        Assert.Equal(2.5, estimate.Mean, 1e-12);
        Assert.Equal((5, 2), (estimate.Count, estimate.Clusters));
    }

    [Fact]
    public void TheSameSeedGivesTheSameIntervalAndAnotherSeedAnother()
    {
        double[][] differences = [.. Clusters(1, 4, 6, 1, 1)];
        Estimate first = PairedBootstrap.Of(differences, 7, 500);
        Assert.Equal(first, PairedBootstrap.Of(differences, 7, 500));
        Assert.NotEqual(first.Low, PairedBootstrap.Of(differences, 8, 500).Low);
    }

    [Fact]
    public void ConstantDifferencesHaveNoWidth()
    {
        Estimate estimate = PairedBootstrap.Of([[0.5, 0.5], [0.5, 0.5], [0.5]], 1, 200);
        Assert.Equal((0.5, 0.5, 0.5), (estimate.Low, estimate.High, estimate.SeedLow));
    }

    [Fact]
    public void OneClusterHasNoIntervalOverSeeds()
    {
        Estimate estimate = PairedBootstrap.Of([[1, 2, 3]], 1, 200);
        Assert.Null(estimate.SeedLow);
        Assert.True(estimate.Low < 2 && estimate.High > 2);
    }

    [Fact]
    public void StudentsIntervalIsThatOfTheClusterMeans()
    {
        Estimate estimate = PairedBootstrap.Of([[1, 3], [3], [4]], 1, 200);   // means 2, 3, 4: deviation 1
        Assert.Equal(3 - 4.303 / Math.Sqrt(3), estimate.SeedLow!.Value, 1e-9);
        Assert.Equal(3 + 4.303 / Math.Sqrt(3), estimate.SeedHigh!.Value, 1e-9);
    }

    [Fact]
    public void NoClusterAndAnEmptyOneAreRefused()
    {
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Of([], 1));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Of([[1], []], 1));
    }

    [Fact]
    public void AResampleWithoutAValueIsRefused() =>
        Assert.Contains("NaN", Assert.Throws<HoneException>(() => Bootstrap.Interval(_ => double.NaN, 1, 10)).Message);

    /// <summary>How often the interval holds the truth when it should nineteen times in twenty: what the docstring says of equal and of few clusters.</summary>
    [Theory]
    [InlineData(20, 0.0, 0.975, 1.0)]  // both stages draw the spread inside: too wide by the square root of 2
    [InlineData(20, 1.0, 0.88, 0.97)]
    [InlineData(3, 1.0, 0.60, 0.85)]   // the percentile bootstrap of three clusters is too narrow
    public void TheIntervalHoldsTheTruthAsOftenAsItsDocumentationSays(int clusters, double between, double least, double most)
    {
        int held = 0, heldByStudent = 0;
        const int Trials = 400;
        for (int t = 0; t < Trials; t++)
        {
            Estimate estimate = PairedBootstrap.Of([.. Clusters((ulong)t, clusters, 10, between, 0.5)], (ulong)t, 400);
            if (estimate.Low <= 0 && estimate.High >= 0) held++;
            if (estimate.SeedLow <= 0 && estimate.SeedHigh >= 0) heldByStudent++;
        }
        Assert.InRange((double)held / Trials, least, most);
        Assert.InRange((double)heldByStudent / Trials, 0.92, 0.98);
    }

    [Theory]
    [InlineData(0.01, null, "better")]
    [InlineData(0.01, 0.5, "better")]
    [InlineData(0.0, 0.5, "no worse than 0.5")]
    [InlineData(-0.49, 0.5, "no worse than 0.5")]
    [InlineData(-0.5, 0.5, "not resolved")]
    [InlineData(-0.01, null, "not resolved")]
    public void TheVerdictIsReadFromTheLowerBound(double low, double? margin, string expected) => Assert.Equal(expected, Verdict.Of(low, margin));

    [Fact]
    public void AMarginMustBePositive() => Assert.Throws<ArgumentOutOfRangeException>(() => Verdict.Of(1, 0));

    /// <summary>Normal values around normal cluster means, the truth being 0.</summary>
    private static IEnumerable<double[]> Clusters(ulong seed, int clusters, int inside, double between, double within)
    {
        var chance = new Chance(seed, Streams.Sampling);
        for (int c = 0; c < clusters; c++)
        {
            double mean = between * chance.NextGaussian();
            yield return [.. Enumerable.Range(0, inside).Select(_ => mean + within * chance.NextGaussian())];
        }
    }
}
